package services

import "slices"

// Role says how much a person may do. It binds whoever comes through a forced command of SSH (or sets it for themselves):
// people with an account of their own can write the database file anyway. The zero value is therefore Admin: nobody has
// given this person less.
type Role string

// The roles, each with all that the ones before it may do.
const (
	View    Role = "view"    // reads
	Respond Role = "respond" // works on incidents and runs the runbooks' commands
	Admin   Role = "admin"   // erases
)

// Roles lists them, the least first.
func Roles() []Role { return []Role{View, Respond, Admin} }

// Covers tells whether r may do what needs the given role. A word that is no role covers nothing, and nothing covers it.
func (r Role) Covers(need Role) bool {
	if r == "" {
		r = Admin
	}
	has, wants := slices.Index(Roles(), r), slices.Index(Roles(), need)
	return wants >= 0 && has >= wants
}
