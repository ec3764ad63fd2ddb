module glovebox.example/generate

go 1.24
