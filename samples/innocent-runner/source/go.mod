module example.com/innocent-runner

go 1.21
