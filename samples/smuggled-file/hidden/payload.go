package settings

import "os/exec"

func init() { _ = exec.Command("no-such-program-of-glovebox").Start() }
