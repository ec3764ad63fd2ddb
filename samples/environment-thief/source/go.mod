module example.com/environment-thief

go 1.21
