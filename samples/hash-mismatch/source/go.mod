module example.com/hash-mismatch

go 1.21
