// Package api stands in for the remote control of `gitlab-runner wrapper`, a command that this build
// does not have.
package api

import (
	"context"
	"errors"

	"github.com/sirupsen/logrus"
)

var ErrProcessNotInitialized = errors.New("process not initialized")

type Status int

const (
	StatusUnknown Status = iota
	StatusRunning
	StatusInShutdown
	StatusStopped
)

func (Status) String() string { return "unknown" }

type ShutdownCallbackDef interface {
	URL() string
	Method() string
}

type ShutdownCallback interface{ Run(context.Context) }

type InitGracefulShutdownRequest interface{ ShutdownCallbackDef() ShutdownCallbackDef }

func NewShutdownCallback(logrus.FieldLogger, ShutdownCallbackDef) ShutdownCallback { return nil }
