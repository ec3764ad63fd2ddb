module example.com/encrypted-address

go 1.21
