module example.com/reordered-source

go 1.21
