// Package api stands in for step-runner, which runs a job's `run:` steps and which no build here can
// have. Every way to it ends in ErrMissing.
package api

import (
	"errors"
	"net"
	"os"
	"path/filepath"
)

var ErrMissing = errors.New("this build of gitlab-runner cannot run steps: it has no step-runner")

func SocketAddr(path string) *net.UnixAddr { return &net.UnixAddr{Name: path, Net: "unix"} }

func DefaultSocketPath() string { return filepath.Join(os.TempDir(), "step-runner.sock") }
