// Package addmask stands in for the masking of what a job declares secret as it runs (the setting
// `proxy_exec`). Nothing would be masked, so it refuses to start.
package addmask

import (
	"errors"
	"io"
)

var errMissing = errors.New("this build of gitlab-runner has no proxy_exec: turn it off in config.toml")

type AddMask struct{}

func New(any, ...io.Writer) (*AddMask, error) { return nil, errMissing }

func (*AddMask) Get(int) io.Writer { return nil }
func (*AddMask) Close() error      { return errMissing }
