package config

import (
	"net/netip"
	"regexp"
	"time"

	"lage/internal/clean"
	"lage/internal/text"
)

// Retention says how long personal data is kept, counted from the end of the incident or walk; of alarms and configurations
// from when they were done with. Forever is for ever.
type Retention struct {
	Incidents time.Duration // what people have written about them: titles, notes, reasons; the skeleton stays
	Names     time.Duration // of persons
	Outputs   time.Duration // of commands; counted from when they were recorded
	Runs      time.Duration // files of running and ended commands; likewise
	Alarms    time.Duration // that were sent or given up
	Configs   time.Duration // configurations that are no longer in force
}

const (
	defaultIncidents = 5 * 365 * day
	defaultNames     = 365 * day
	defaultOutputs   = 180 * day
	defaultRuns      = 7 * day
	defaultAlarms    = 30 * day
	defaultConfigs   = 90 * day
)

type (
	rawRetention struct {
		incidents, names, outputs, runs, alarms, configs at[time.Duration]
	}
	rawPrivacy struct {
		mask     at[[]at[string]]
		own      at[[]at[netip.Prefix]]
		patterns at[[]at[rawPattern]]
	}
	rawPattern struct {
		name at[string]
		exp  at[*regexp.Regexp]
	}
)

func retentionShape() shape[rawRetention] {
	span := longSpan(time.Hour, Forever, true)
	return mapping(
		key("incidents", "config.doc_retention_incidents", span, func(r *rawRetention) *at[time.Duration] { return &r.incidents }),
		key("names", "config.doc_retention_names", span, func(r *rawRetention) *at[time.Duration] { return &r.names }),
		key("outputs", "config.doc_retention_outputs", span, func(r *rawRetention) *at[time.Duration] { return &r.outputs }),
		key("runs", "config.doc_retention_runs", span, func(r *rawRetention) *at[time.Duration] { return &r.runs }),
		key("alarms", "config.doc_retention_alarms", span, func(r *rawRetention) *at[time.Duration] { return &r.alarms }),
		key("configs", "config.doc_retention_configs", span, func(r *rawRetention) *at[time.Duration] { return &r.configs }),
	)
}

func privacyShape() shape[rawPrivacy] {
	return mapping(
		key("mask", "config.doc_mask", listOf(oneOf(clean.MaskKinds()...), 0), func(p *rawPrivacy) *at[[]at[string]] { return &p.mask }),
		key("own_networks", "config.doc_own_networks", listOf(network(), 0), func(p *rawPrivacy) *at[[]at[netip.Prefix]] { return &p.own }),
		key("patterns", "config.doc_patterns", listOf(mapping(
			key("name", "config.doc_pattern_name", patternName(), func(p *rawPattern) *at[string] { return &p.name }).required(),
			key("regexp", "config.doc_pattern_regexp", expression(), func(p *rawPattern) *at[*regexp.Regexp] { return &p.exp }).required(),
		), 0), func(p *rawPrivacy) *at[[]at[rawPattern]] { return &p.patterns }),
	)
}

// network is "192.0.2.0/24", or one address.
func network() shape[netip.Prefix] {
	return texts(object{"minLength": 2}, func(_ *decoder, s string) (netip.Prefix, text.Message) {
		if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
			return netip.PrefixFrom(a, a.BitLen()), text.Message{}
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return p, text.M("config.network", quote(s))
		}
		return p.Masked(), text.Message{}
	})
}

// patternName is what stands in brackets in the place of what was masked.
func patternName() shape[string] {
	exp := regexp.MustCompile(`^[\pL\pN][\pL\pN _-]{0,31}$`)
	return texts(object{"minLength": 1, "maxLength": 32}, func(_ *decoder, s string) (string, text.Message) {
		if !exp.MatchString(s) {
			return "", text.M("config.pattern_name", quote(s))
		}
		return s, text.Message{}
	})
}

// expression is a regular expression. One that the empty text matches would put its mark everywhere.
func expression() shape[*regexp.Regexp] {
	return texts(object{"minLength": 1, "maxLength": 1000}, func(_ *decoder, s string) (*regexp.Regexp, text.Message) {
		e, err := regexp.Compile(s)
		switch {
		case len(s) > 1000:
			return nil, text.M("config.regexp", quote(s[:40]+"…"))
		case err != nil:
			return nil, text.M("config.regexp", quote(err.Error()))
		case e.MatchString(""):
			return nil, text.M("config.regexp_empty")
		}
		return e, text.Message{}
	})
}

// DefaultMasks are the names of what DefaultMask masks.
func DefaultMasks() []string { return clean.MaskKinds() }

// DefaultRetention holds where a configuration says nothing.
func DefaultRetention() Retention {
	return Retention{Incidents: defaultIncidents, Names: defaultNames, Outputs: defaultOutputs, Runs: defaultRuns, Alarms: defaultAlarms, Configs: defaultConfigs}
}

// DefaultMask masks what a configuration masks that says nothing about it.
func DefaultMask() *clean.Mask { return clean.NewMask(clean.MaskKinds(), clean.OwnNetworks(), nil) }

func (d *decoder) privacy(c *Config, f rawFile) {
	r := f.retention.v
	c.Retention = Retention{
		Incidents: r.incidents.or(defaultIncidents), Names: r.names.or(defaultNames), Outputs: r.outputs.or(defaultOutputs),
		Runs: r.runs.or(defaultRuns), Alarms: r.alarms.or(defaultAlarms), Configs: r.configs.or(defaultConfigs),
	}
	p := f.privacy.v
	kinds, own := clean.MaskKinds(), clean.OwnNetworks()
	if p.mask.given() {
		kinds = values(p.mask)
	}
	if p.own.given() {
		own = values(p.own)
	}
	var patterns []clean.Pattern
	for _, x := range values(p.patterns) {
		if x.exp.v != nil {
			patterns = append(patterns, clean.Pattern{Name: x.name.v, Exp: x.exp.v})
		}
	}
	c.Masks, c.Mask = kinds, clean.NewMask(kinds, own, patterns)
	for _, x := range patterns {
		c.Masks = append(c.Masks, x.Name)
	}
}
