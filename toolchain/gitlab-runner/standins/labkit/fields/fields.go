// Package fields stands in for the names of log fields; none is known as deprecated.
package fields

const (
	DurationS      = "duration_s"
	HTTPStatusCode = "status"
)

type DeprecatedField struct{ Standard string }

var (
	Deprecated     = map[string]DeprecatedField{}
	VariantVersion = map[string]int{}
)
