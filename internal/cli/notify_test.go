package cli

import (
	"testing"

	"lage/incidents"
	"lage/services"
)

// A channel is passed over while what it needs is down, also where that has no name.
func TestDownOf(t *testing.T) {
	picture := func(mail incidents.Standing, name string) incidents.Picture {
		return incidents.Picture{Services: []incidents.ServicePicture{
			{Service: services.Service{ID: "web"}, Standing: incidents.Down},
			{Service: services.Service{ID: "mail", Name: services.Name{De: name}}, Standing: mail},
		}}
	}
	for _, c := range []struct {
		standing   incidents.Standing
		name, want string
	}{{incidents.Down, "", "mail"}, {incidents.Down, "Post", "Post"}, {incidents.Up, "", ""}, {incidents.Partial, "", ""}, {incidents.Unknown, "", ""}} {
		if got := downOf(picture(c.standing, c.name), []string{"mail"}, "de"); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
