module example.com/plain-library

go 1.21
