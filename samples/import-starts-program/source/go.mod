module example.com/import-starts-program

go 1.21
