package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
)

// launch starts a cluster's first process in namespaces of its own and prints {"pid":…,"port":…}.
//
// The listener is opened here, in the machine's network; the first process inherits it and dials inside its own
// network, so the two are joined without a link, a route or a rule on the machine.
//
// With --plain there are no namespaces, for they take root: the first process is a plain one whose daemons die with it,
// and it keeps a port taken that the API server shares.
//
// With --owned it stays until its standard input ends (its owner is gone) or the cluster dies, and takes the cluster
// with it however it ends: the kernel kills the first process with it, and everything else with the first process.
func launch(args []string) error {
	flags := flag.NewFlagSet("launch", flag.ContinueOnError)
	owned := flags.Bool("owned", false, "die with standard input")
	plain := flags.Bool("plain", false, "no namespaces")
	dir := flags.String("dir", "", "the cluster's state directory")
	keep := flags.String("keep", "", "the folder that stays visible inside")
	address := flags.String("address", "", "the node's address")
	upstream := flags.String("upstream", "", "where connections to the port are dialled, inside")
	if err := flags.Parse(args); err != nil {
		return err
	}
	socket, port, err := listen(*plain)
	if err != nil {
		return fmt.Errorf("no port on 127.0.0.1: %w", err)
	}
	ready, readyChild, err := os.Pipe()
	if err != nil {
		return err
	}
	log, err := os.OpenFile(*dir+"/logs/init.log", os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	// The kernel's death signal follows the thread, not the process.
	runtime.LockOSThread()
	first := exec.Command("/proc/self/exe", "init", "--dir", *dir, "--keep", *keep, "--address", *address, "--upstream", *upstream)
	first.Args[0] = "ebb-cluster" // what ps shows
	first.Dir = "/"
	first.Stdout, first.Stderr = log, log
	first.ExtraFiles = []*os.File{socket, readyChild}
	first.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if *plain {
		first.Args = append(first.Args, "--plain")
	} else {
		first.SysProcAttr.Cloneflags = syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET | syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC
	}
	if *owned {
		first.SysProcAttr.Pdeathsig = syscall.SIGKILL
	}
	if err := first.Start(); err != nil {
		return fmt.Errorf("no first process: %w", err)
	}
	readyChild.Close()
	answer, err := bufio.NewReader(ready).ReadString('\n')
	if err != nil || !strings.HasPrefix(answer, "ready") {
		first.Process.Kill()
		first.Wait()
		return fmt.Errorf("the cluster's first process failed: %s", strings.TrimSpace(answer))
	}
	socket.Close()
	json.NewEncoder(os.Stdout).Encode(map[string]int{"pid": first.Process.Pid, "port": port})
	if !*owned {
		return nil
	}
	go func() {
		io.Copy(io.Discard, os.Stdin)
		first.Process.Kill()
	}()
	first.Wait()
	return nil
}

// listen returns a socket on a free port: one that listens, or one that only keeps the port for who else shares it.
func listen(plain bool) (*os.File, int, error) {
	if !plain {
		listener, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			return nil, 0, err
		}
		defer listener.Close()
		socket, err := listener.(*net.TCPListener).File()
		return socket, listener.Addr().(*net.TCPAddr).Port, err
	}
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, 0, err
	}
	const reusePort = 15 // SO_REUSEPORT; syscall's own list is frozen without it
	if err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, reusePort, 1); err != nil {
		return nil, 0, err
	}
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return nil, 0, err
	}
	bound, err := syscall.Getsockname(fd)
	if err != nil {
		return nil, 0, err
	}
	return os.NewFile(uintptr(fd), "port"), bound.(*syscall.SockaddrInet4).Port, nil
}
