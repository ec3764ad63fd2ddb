module example.com/hidden-command

go 1.21
