// Package ast has the names that the runner uses to look into a parsed template.
package ast

type Expr interface {
	Walk(Visitor) (Expr, error)
}

type Visitor interface {
	Enter(Expr) (Visitor, error)
	Exit(Expr) (Expr, error)
}

type Template struct{}

func (template *Template) Walk(Visitor) (Expr, error) { return template, nil }
