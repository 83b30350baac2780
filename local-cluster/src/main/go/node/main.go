// Command node is what Ebb's local cluster needs on a machine and finds in no package: a first process that owns a
// cluster's namespaces, a way into its network, its certificates, its pause container and images without a registry.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 2 {
		fail(fmt.Errorf("usage: node launch|enter|publish|certs|image|get|pause"))
	}
	args := os.Args[2:]
	switch os.Args[1] {
	case "launch":
		fail(launch(args))
	case "init":
		fail(initialise(args))
	case "enter":
		fail(enter(args))
	case "publish":
		fail(publish(args))
	case "certs":
		fail(certs(args))
	case "image":
		fail(image(args))
	case "get":
		fail(get(args))
	case "pause":
		pause()
	default:
		fail(fmt.Errorf("unknown command %q", os.Args[1]))
	}
}

// fail ends the process: with one line on stderr when there is an error, silently otherwise.
func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}
