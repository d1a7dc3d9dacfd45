// Package proxy refuses to carry bytes to step-runner.
package proxy

import (
	"io"

	"gitlab.com/gitlab-org/step-runner/pkg/api"
)

func Proxy(io.Reader, io.Writer, io.ReadWriteCloser) error { return api.ErrMissing }
