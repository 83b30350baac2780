package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"runtime"
	"syscall"
)

// publish passes connections to a port of the machine's 127.0.0.1 on to the same port inside the cluster's network,
// until it is killed: a debugger's way in. It listens outside, then goes inside with the socket in its hand.
func publish(args []string) error {
	flags := flag.NewFlagSet("publish", flag.ContinueOnError)
	pid := flags.Int("pid", 0, "the cluster's first process")
	port := flags.Int("port", 0, "the port")
	inside := flags.Bool("inside", false, "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	address := fmt.Sprintf("127.0.0.1:%d", *port)
	if *inside {
		listener, err := net.FileListener(os.NewFile(3, "listener"))
		if err != nil {
			return err
		}
		forward(listener, address)
	}
	listener, err := net.Listen("tcp4", address)
	if err != nil {
		return err
	}
	socket, err := listener.(*net.TCPListener).File()
	if err != nil {
		return err
	}
	if err := syscall.Dup3(int(socket.Fd()), 3, 0); err != nil && int(socket.Fd()) != 3 {
		return err
	}
	runtime.LockOSThread()
	if err := join(*pid); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return syscall.Exec(self, append([]string{os.Args[0], "publish", "--inside"}, args...), os.Environ())
}
