// Command metrics serves custom.metrics.k8s.io and external.metrics.k8s.io from a file of values, which is read anew at
// every request: what was written to it last is what the next reader sees. (The adapter for tests of
// custom-metrics-apiserver itself has constants for external metrics, and a fixed port.)
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"k8s.io/component-base/logs"
	basecmd "sigs.k8s.io/custom-metrics-apiserver/pkg/cmd"
)

func main() {
	logs.InitLogs()
	defer logs.FlushLogs()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	adapter := &basecmd.AdapterBase{Name: "ebb-metrics"}
	file := adapter.Flags().String("values", "", "the file of values")
	portFile := adapter.Flags().String("port-file", "", "where to write the port that is served")
	if err := adapter.Flags().Parse(os.Args[1:]); err != nil {
		return err
	}
	client, err := adapter.DynamicClient()
	if err != nil {
		return err
	}
	mapper, err := adapter.RESTMapper()
	if err != nil {
		return err
	}
	served := &provider{file: *file, client: client, mapper: mapper}
	adapter.WithCustomMetrics(served)
	adapter.WithExternalMetrics(served)
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	port := listener.Addr().(*net.TCPAddr).Port
	adapter.SecureServing.Listener = listener
	adapter.SecureServing.BindPort = port
	if err := os.WriteFile(*portFile, []byte(strconv.Itoa(port)), 0o644); err != nil {
		return err
	}
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	return adapter.Run(ctx)
}
