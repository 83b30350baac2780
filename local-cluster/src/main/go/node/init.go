package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
)

// initialise is the first process of a cluster (PID 1 of its namespace, if it has one): it prepares the namespaces, serves the
// forwarded port, starts and stops daemons on request and reaps every orphan. When it ends, all of the cluster ends.
func initialise(args []string) error {
	flags := flag.NewFlagSet("init", flag.ContinueOnError)
	plain := flags.Bool("plain", false, "")
	dir := flags.String("dir", "", "")
	keep := flags.String("keep", "", "")
	address := flags.String("address", "", "")
	upstream := flags.String("upstream", "", "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ready := os.NewFile(4, "ready")
	if !*plain {
		if err := prepare(*dir, *keep, *address); err != nil {
			fmt.Fprintln(ready, err)
			return err
		}
	}
	control, err := net.Listen("unix", *dir+"/init.sock")
	if err != nil {
		fmt.Fprintln(ready, err)
		return err
	}
	for _, inherited := range []uintptr{3, 4} {
		syscall.CloseOnExec(int(inherited))
	}
	// A terminal's or a service manager's signals are not for us: a cluster ends when it is told to.
	signal.Ignore(syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM)
	daemons := newSupervisor()
	go daemons.reap()
	if !*plain { // else the socket is just kept: it is the API server's port
		listener, err := net.FileListener(os.NewFile(3, "listener"))
		if err != nil {
			fmt.Fprintln(ready, err)
			return err
		}
		go forward(listener, *upstream)
	}
	fmt.Fprintln(ready, "ready")
	ready.Close()
	return daemons.serve(control)
}

func prepare(dir, keep, address string) error {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) == nil {
		limit.Cur = limit.Max
		syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
	}
	syscall.Umask(0o022)
	if err := mounts(dir, keep); err != nil {
		return err
	}
	if err := syscall.Sethostname([]byte("ebb-node")); err != nil {
		return fmt.Errorf("hostname: %w", err)
	}
	return network(address)
}

// mounts makes a tree of its own that containers can share, and hides the machine's folders that node components
// write to whatever their flags say.
func mounts(dir, keep string) error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("private mounts: %w", err)
	}
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_SHARED, ""); err != nil {
		return fmt.Errorf("shared mounts: %w", err)
	}
	if err := syscall.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return fmt.Errorf("/proc: %w", err)
	}
	resolv, err := os.Readlink("/etc/resolv.conf")
	if err != nil {
		resolv = "/etc/resolv.conf"
	} else if !strings.HasPrefix(resolv, "/") {
		resolv = "/etc/" + resolv
	}
	for _, folder := range []string{"/run", "/var/lib", "/var/log"} {
		if err := hide(folder, keep); err != nil {
			return err
		}
	}
	if err := bindFile(dir+"/resolv.conf", resolv); err != nil {
		return fmt.Errorf("resolv.conf: %w", err)
	}
	return nil
}

// hide lays an empty file system over a folder; keep stays where it was if it lies inside.
func hide(folder, keep string) error {
	kept := -1
	if strings.HasPrefix(keep, folder+"/") {
		fd, err := syscall.Open(keep, syscall.O_DIRECTORY|syscall.O_CLOEXEC|0x200000 /* O_PATH */, 0)
		if err != nil {
			return err
		}
		kept = fd
		defer syscall.Close(fd)
	}
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "mode=755"); err != nil {
		return fmt.Errorf("tmpfs on %s: %w", folder, err)
	}
	if kept < 0 {
		return nil
	}
	if err := os.MkdirAll(keep, 0o755); err != nil {
		return err
	}
	return syscall.Mount(fmt.Sprintf("/proc/self/fd/%d", kept), keep, "", syscall.MS_BIND|syscall.MS_REC, "")
}

func bindFile(source, target string) error {
	if _, err := os.Stat(target); err != nil {
		if err := os.MkdirAll(target[:strings.LastIndex(target, "/")], 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, nil, 0o644); err != nil {
			return err
		}
	}
	return syscall.Mount(source, target, "", syscall.MS_BIND, "")
}

// network gives the namespace a loopback and one link that carries the node's address and the default route: packets
// to a Service's address need some route before kube-proxy's rules rewrite them.
func network(address string) error {
	for _, command := range [][]string{
		{"link", "set", "lo", "up"},
		{"link", "add", "ebb0", "type", "veth", "peer", "name", "ebb0-peer"},
		{"link", "set", "ebb0-peer", "up"},
		{"address", "add", address + "/32", "dev", "ebb0"},
		{"link", "set", "ebb0", "up"},
		{"route", "add", "default", "dev", "ebb0", "src", address},
	} {
		if out, err := exec.Command("ip", command...).CombinedOutput(); err != nil {
			return fmt.Errorf("ip %s: %w: %s", strings.Join(command, " "), err, strings.TrimSpace(string(out)))
		}
	}
	return os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644)
}
