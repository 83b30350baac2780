package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// enter becomes a command that sees the cluster's network and name server, and for the rest the machine as it is:
// working directory, environment, standard streams, /proc and the exit code stay the caller's.
func enter(args []string) error {
	flags := flag.NewFlagSet("enter", flag.ContinueOnError)
	pid := flags.Int("pid", 0, "the cluster's first process")
	resolv := flags.String("resolv", "", "the resolv.conf to use")
	if err := flags.Parse(args); err != nil {
		return err
	}
	command := flags.Args()
	if len(command) == 0 {
		return fmt.Errorf("which command?")
	}
	runtime.LockOSThread()
	if err := join(*pid); err != nil {
		return err
	}
	if err := syscall.Unshare(syscall.CLONE_NEWNS); err != nil {
		return fmt.Errorf("mount namespace: %w", err)
	}
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_SLAVE, ""); err != nil {
		return fmt.Errorf("mount namespace: %w", err)
	}
	if err := syscall.Mount(*resolv, "/etc/resolv.conf", "", syscall.MS_BIND, ""); err != nil {
		return fmt.Errorf("resolv.conf: %w", err)
	}
	path, err := exec.LookPath(command[0])
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: no such command\n", command[0])
		os.Exit(127)
	}
	err = syscall.Exec(path, command, os.Environ())
	fmt.Fprintf(os.Stderr, "%s: %v\n", command[0], err)
	os.Exit(126)
	return nil
}

// join moves the calling thread into a cluster's network.
func join(pid int) error {
	namespace, err := os.Open(fmt.Sprintf("/proc/%d/ns/net", pid))
	if err != nil {
		return fmt.Errorf("the cluster is not running")
	}
	defer namespace.Close()
	setns := map[string]uintptr{"amd64": 308, "arm64": 268}[runtime.GOARCH] // syscall's own list is frozen without it
	if _, _, errno := syscall.RawSyscall(setns, namespace.Fd(), syscall.CLONE_NEWNET, 0); errno != 0 {
		return fmt.Errorf("the cluster's network: %w", errno)
	}
	return nil
}
