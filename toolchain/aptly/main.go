// Command aptly is aptly's own main: the module as served lacks the generated file that upstream's
// main package embeds its version from.
package main

import (
	"os"

	"github.com/aptly-dev/aptly/aptly"
	"github.com/aptly-dev/aptly/cmd"
)

func main() {
	aptly.Version = "1.6.3"
	os.Exit(cmd.Run(cmd.RootCommand(), os.Args[1:], true))
}
