// Package services holds what we run and owe: services, the people responsible for them, and the hours in which users
// are promised that a service works.
package services

import "time"

// Name is a text that the organisation wrote in one or both languages.
type Name struct{ De, En string }

// In gives the name in the language ("de" or "en"), or the other one where that is missing.
func (n Name) In(lang string) string {
	if lang == "en" && n.En != "" || n.De == "" {
		return n.En
	}
	return n.De
}

// Service is one public service, or one technical service that others depend on.
type Service struct {
	ID         string              // short, stable, lower case: the first part of a check's name
	Name       Name                // as people call it; empty means the ID
	Group      string              // heading on the board; empty means none
	Hours      Hours               // when users are promised that it works; the zero value means always
	Class      Classing            // which class its incidents have when they open
	Objective  Versions[Objective] // what was agreed; empty means nothing
	DependsOn  []string            // IDs of services that it needs
	Owner      string              // the office responsible for the matter (fachlich)
	Team       string              // the team responsible for the technology (technisch)
	Runbook    string              // runbook for checks that name none; may be empty
	Escalation []Stage             // who is told when; empty means nobody
	Public     Public
}

// Title gives the service's name in a language, or its ID where it has no name.
func (s Service) Title(lang string) string {
	if t := s.Name.In(lang); t != "" {
		return t
	}
	return s.ID
}

// Public is what users may know about a service.
type Public struct {
	Show        bool
	Help        Name // who helps: telephone, hours
	Alternative Name // what people can do instead
	URL         string
}

// Contact is a person or a duty that can be told about an incident.
type Contact struct {
	ID   string
	Name string
	Via  []Channel // all of them are used
	Else []Channel // used one after the other where one of Via does not deliver

	Rota     Rota     // who is called in its place; the zero value means nobody
	Hours    Hours    // when it can be reached; the zero value means always
	Deputies []string // contact IDs: the first who can be reached is called where it cannot be, or was not
}

// Ways lists all of a contact's channels: those that are used at once, then those that are used instead.
func (c Contact) Ways() []Channel { return append(c.Via[:len(c.Via):len(c.Via)], c.Else...) }

// Channel is one way to reach a contact. Exactly one of Email, Command and Webhook is set.
type Channel struct {
	Email   string   // an address, for the configured mail server
	Command []string // an argv, for anything else; the alarm's text comes on standard input
	Webhook Webhook
	Needs   []string // IDs of services: while one of them is down the channel is passed over
}

// Webhook is an address that takes alarms over HTTP. An empty URL means that there is none. Both URL and Secret may let
// whoever has them send: they are stored and told nowhere.
type Webhook struct {
	URL    string
	Secret string // signs the body; empty means that nothing is signed
	Format HookFormat
}

// HookFormat is the shape of what a webhook takes.
type HookFormat string

// The shapes. The zero value means lage's own.
const (
	HookJSON         HookFormat = "json"
	HookAlertmanager HookFormat = "alertmanager" // Alertmanager's webhook, version 4
)

// Stage is one step of an escalation: who is told, how long after detection, unless somebody has acknowledged.
type Stage struct {
	After  time.Duration
	Notify []string // contact IDs
}

// Person is who acts. Name is what is claimed (flag, account); the rest is what the system knows besides.
type Person struct {
	Name   string `json:"name"`
	OSUser string `json:"os_user,omitempty"`
	Key    string `json:"key,omitempty"` // fingerprint of the SSH key, where sshd exposes it
	Role   Role   `json:"-"`             // what the person may do now; never stored
}

// System is the person who stands in entries that lage makes by itself.
func System() Person { return Person{Name: "lage"} }

// IsSystem tells whether lage itself acted.
func (p Person) IsSystem() bool { return p.Name == "lage" && p.OSUser == "" }
