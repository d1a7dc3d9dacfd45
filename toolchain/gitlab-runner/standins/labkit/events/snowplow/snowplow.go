// Package snowplow stands in for the sender of billing events, and refuses to be set up.
package snowplow

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
	"gitlab.com/gitlab-org/labkit/v2/events/snowplow/metrics"
	"gitlab.com/gitlab-org/labkit/v2/events/snowplow/oidc"
)

var errMissing = errors.New("this build of gitlab-runner sends no billing events")

type SendResult struct {
	EventCount, StatusCode int
	Err                    error
}

type SendCallback func(successes []SendResult, failures []SendResult)

type EmitterOption struct{}

func WithCallback(SendCallback) EmitterOption                              { return EmitterOption{} }
func WithTokenSource(*oidc.Source) EmitterOption                           { return EmitterOption{} }
func WithMetricsCollectorOptions(...metrics.CollectorOption) EmitterOption { return EmitterOption{} }

type Emitter struct{}

func NewEmitter(string, ...EmitterOption) (*Emitter, error) { return nil, errMissing }
func (*Emitter) Collector() prometheus.Collector            { return nil }

type BillingEventRequiredInput struct {
	Category, EventType, Realm, UnitOfMeasure string
	Quantity                                  float64
}

type BillingEventOptionalInput struct {
	Subject, DeploymentType, InstanceID, UniqueInstanceID   string
	Metadata                                                map[string]any
	ProjectID, NamespaceID, RootNamespaceID, OrganizationID int64
}

type Tracker struct{}

func NewTracker(string, *Emitter) (*Tracker, error) { return nil, errMissing }
func (*Tracker) Stop()                              {}

func (*Tracker) TrackBillingEventWithOptionalInput(
	BillingEventRequiredInput,
	BillingEventOptionalInput,
) error {
	return errMissing
}
