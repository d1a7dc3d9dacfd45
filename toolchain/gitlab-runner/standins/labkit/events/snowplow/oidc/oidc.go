// Package oidc has the options of a sender that is never made.
package oidc

type Option struct{}

type Source struct{}

func WithSkipIfUnsupportedCloud(bool) Option { return Option{} }

func NewSource(...Option) *Source { return nil }
