module example.com/packed-dropper

go 1.21
