package main

import (
	"io"
	"net"
	"time"
)

// forward passes connections of the listener on to an address; where nobody listens the caller sees a reset, as it
// would without us.
func forward(listener net.Listener, upstream string) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			time.Sleep(50 * time.Millisecond) // out of file descriptors, say: later there may be some
			continue
		}
		go pass(connection.(*net.TCPConn), upstream)
	}
}

func pass(client *net.TCPConn, upstream string) {
	dialled, err := net.DialTimeout("tcp", upstream, 5*time.Second)
	if err != nil {
		client.SetLinger(0)
		client.Close()
		return
	}
	server := dialled.(*net.TCPConn)
	done := make(chan bool, 2)
	copyHalf := func(to, from *net.TCPConn) {
		_, err := io.Copy(to, from)
		to.CloseWrite()
		done <- err == nil
	}
	go copyHalf(server, client)
	go copyHalf(client, server)
	for range 2 {
		if !<-done { // broken, not ended: the other side must see it as broken too
			client.SetLinger(0)
			server.SetLinger(0)
			break
		}
	}
	client.Close()
	server.Close()
}
