// Package client has the messages that the runner exchanges with step-runner.
package client

import "time"

type Variable struct {
	Key, Value   string
	File, Masked bool
}

type RunRequest struct {
	Id, WorkDir, BuildDir, Steps string
	Timeout                      *time.Duration
	Env                          map[string]string
	Variables                    []Variable
}

type State int

const (
	StateUnspecified State = iota
	StateSuccess
	StateCancelled
)

func (State) String() string { return "unspecified" }

type ErrorKind int

const (
	ErrorUnknown ErrorKind = iota
	ErrorInternal
	ErrorStepFailure
	ErrorCancelled
	ErrorTimeout
)

type Status struct {
	State     State
	ErrorKind ErrorKind
	Message   string
}
