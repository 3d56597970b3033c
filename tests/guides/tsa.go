// A time-stamping authority for the guides: answers RFC 3161 requests over HTTP with `openssl ts`, in the
// folder that it is started in (config, key and certificate are a fixture's). It writes the address it
// listens on, a loopback port, into the file tsa.url.
package main

import (
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
)

const requestBytesMax = 16 * 1024

func answer(w http.ResponseWriter, r *http.Request) {
	request, err := io.ReadAll(io.LimitReader(r.Body, requestBytesMax))
	if err == nil {
		err = os.WriteFile("tsa.tsq", request, 0o600)
	}
	if err == nil {
		err = exec.Command("openssl", "ts", "-reply", "-config", "tsa.cnf", "-section", "authority",
			"-queryfile", "tsa.tsq", "-out", "tsa.tsr").Run()
	}
	reply, readErr := os.ReadFile("tsa.tsr")
	if err != nil || readErr != nil {
		http.Error(w, "no time-stamp today", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	_, _ = w.Write(reply)
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("tsa.url", []byte("http://"+listener.Addr().String()+"\n"), 0o600); err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.Serve(listener, http.HandlerFunc(answer)))
}
