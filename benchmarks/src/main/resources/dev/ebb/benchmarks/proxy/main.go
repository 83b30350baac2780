// The proxy that people write in Go, and a backend for where there is no better one.
package main

import (
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"runtime"
)

func main() {
	runtime.GOMAXPROCS(1)
	mode, listen := os.Args[1], os.Args[2]
	switch mode {
	case "proxy":
		target, err := url.Parse(os.Args[3])
		if err != nil {
			log.Fatal(err)
		}
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.MaxIdleConns = 1000
		transport.MaxIdleConnsPerHost = 1000 // two by default: a new connection for nearly every request
		log.Fatal(http.ListenAndServe(listen, &httputil.ReverseProxy{
			ErrorLog:  log.New(io.Discard, "", 0), // the generator leaves in the middle of requests
			Transport: transport,
			Rewrite: func(request *httputil.ProxyRequest) {
				request.SetURL(target)
				request.SetXForwarded()
			},
		}))
	case "backend":
		body := make([]byte, 100)
		for i := range body {
			body[i] = byte('0' + i%10)
		}
		log.Fatal(http.ListenAndServe(listen, http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
			out.Header().Set("Content-Type", "text/plain")
			out.Write(body)
		})))
	}
}
