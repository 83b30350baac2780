package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// request is one line on the control socket; answer is the line that comes back.
type request struct {
	Do      string   `json:"action"` // start, stop, kill, status
	Name    string   `json:"name"`
	Command []string `json:"command"`
	Env     []string `json:"env"`
	Log     string   `json:"log"`
}

type answer struct {
	Error   string            `json:"error,omitempty"`
	Daemons map[string]daemon `json:"daemons"`
}

type daemon struct {
	Pid     int  `json:"pid"`
	Running bool `json:"running"`
	Exit    int  `json:"exit"` // exit code, or 128 + signal
}

// supervisor starts daemons as children of the first process and knows how each of them ended.
type supervisor struct {
	lock    sync.Mutex
	changed *sync.Cond
	daemons map[string]*daemon
}

func newSupervisor() *supervisor {
	s := &supervisor{daemons: map[string]*daemon{}}
	s.changed = sync.NewCond(&s.lock)
	return s
}

// reap waits for every child, its own and re-parented ones.
func (s *supervisor) reap() {
	children := make(chan os.Signal, 1)
	signal.Notify(children, syscall.SIGCHLD)
	for range children {
		for {
			var status syscall.WaitStatus
			s.lock.Lock() // not between a child's start and its registration
			pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
			if pid > 0 {
				s.ended(pid, status)
			}
			s.lock.Unlock()
			if pid <= 0 && err != syscall.EINTR {
				break
			}
		}
	}
}

func (s *supervisor) ended(pid int, status syscall.WaitStatus) {
	for _, d := range s.daemons {
		if d.Running && d.Pid == pid {
			d.Running = false
			d.Exit = status.ExitStatus()
			if status.Signaled() {
				d.Exit = 128 + int(status.Signal())
			}
			s.changed.Broadcast()
		}
	}
}

func (s *supervisor) serve(control net.Listener) error {
	for {
		connection, err := control.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer connection.Close()
			lines := bufio.NewReader(connection)
			line, err := lines.ReadBytes('\n')
			if err != nil {
				return
			}
			var r request
			if err = json.Unmarshal(line, &r); err == nil {
				err = s.handle(r)
			}
			json.NewEncoder(connection).Encode(s.answer(err))
		}()
	}
}

func (s *supervisor) answer(err error) answer {
	s.lock.Lock()
	defer s.lock.Unlock()
	a := answer{Daemons: map[string]daemon{}}
	if err != nil {
		a.Error = err.Error()
	}
	for name, d := range s.daemons {
		a.Daemons[name] = *d
	}
	return a
}

func (s *supervisor) handle(r request) error {
	switch r.Do {
	case "start":
		return s.start(r)
	case "stop":
		return s.stop(r.Name, syscall.SIGTERM)
	case "kill":
		return s.stop(r.Name, syscall.SIGKILL)
	case "status":
		return nil
	}
	return fmt.Errorf("unknown request %q", r.Do)
}

func (s *supervisor) start(r request) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	if d := s.daemons[r.Name]; d != nil && d.Running {
		return nil
	}
	log, err := os.OpenFile(r.Log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	null, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	defer null.Close()
	pid, err := syscall.ForkExec(r.Command[0], r.Command, &syscall.ProcAttr{
		Dir:   "/",
		Env:   r.Env,
		Files: []uintptr{null.Fd(), log.Fd(), log.Fd()},
		// where there is no namespace that ends with the first process, its death still ends them
		Sys: &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL},
	})
	if err != nil {
		return fmt.Errorf("%s: %w", r.Command[0], err)
	}
	s.daemons[r.Name] = &daemon{Pid: pid, Running: true}
	return nil
}

// stop returns when the daemon is gone; one that does not heed a signal within 10 s is killed.
func (s *supervisor) stop(name string, with syscall.Signal) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	d := s.daemons[name]
	if d == nil || !d.Running {
		return nil
	}
	syscall.Kill(d.Pid, with)
	timer := time.AfterFunc(10*time.Second, func() {
		s.lock.Lock()
		defer s.lock.Unlock()
		if d.Running {
			syscall.Kill(d.Pid, syscall.SIGKILL)
		}
	})
	defer timer.Stop()
	for d.Running {
		s.changed.Wait()
	}
	return nil
}
