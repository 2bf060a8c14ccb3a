package clean

import (
	"net/netip"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

func TestMask(t *testing.T) {
	m := NewMask(MaskKinds(), OwnNetworks(), []Pattern{{"Kennzeichen", regexp.MustCompile(`\b[A-Z]{1,3}-[A-Z]{1,2} ?[0-9]{1,4}\b`)}})
	for in, want := range map[string]string{
		"203.0.113.7 - GET /antrag":                        "[IP] - GET /antrag",
		"10.1.2.3:5432 -> 192.168.0.9, 127.0.0.1":          "10.1.2.3:5432 -> 192.168.0.9, 127.0.0.1",
		"[2001:db8::7]:443, 2001:db8:0:0:0:0:0:1 and ::1":  "[[IP]]:443, [IP] and ::1",
		"fe80::1%eth0 fd00::5 ::ffff:203.0.113.9":          "fe80::1%eth0 fd00::5 [IP]",
		"at 12:34:56 std::vector abc::def 1.2.3 1.2.3.4.5": "at 12:34:56 std::vector abc::def 1.2.3 1.2.3.4.5",
		"von 203.0.113.7, oder 198.51.100.1.":              "von [IP], oder [IP].",
		"v203.0.113.7 x203.0.113.7y 300.1.1.1":             "v203.0.113.7 x203.0.113.7y 300.1.1.1",
		"from=<erika.muster+a@mail.example.org> x@y":       "from=<[email]> x@y",
		"jürgen@müller.example":                            "[email]",
		"Az. 12 O 345/24 liegt vor":                        "Az. [case] liegt vor",
		"Aktenzeichen: 50-1234/2026, bitte":                "Aktenzeichen: [case], bitte",
		"Aktenzeichen unbekannt":                           "Aktenzeichen unbekannt",
		`{"antragsnummer":"WG-2026-0815"}`:                 `{"antragsnummer":"[case]"}`,
		"Wagen B-AB 1234 steht da":                         "Wagen [Kennzeichen] steht da",
		"2001:db8::7: timed out":                           "[IP]: timed out",
		"nothing here":                                     "nothing here",
	} {
		got, counts := m.Apply(in)
		if got != want || (len(counts) > 0) != (got != in) {
			t.Errorf("%q: %q %v, want %q", in, got, counts, want)
		}
		if again, c := m.Apply(got); again != got || c != nil {
			t.Errorf("%q masked again: %q %v", got, again, c)
		}
	}
	_, counts := m.Apply("203.0.113.7 203.0.113.8 a@b.example Az. 1/26")
	if want := []Masked{{"[case]", 1}, {"[email]", 1}, {"[IP]", 2}}; !reflect.DeepEqual(counts, want) {
		t.Error(counts)
	}
	if got := m.Without(MaskIP).Text("203.0.113.7 a@b.example"); got != "203.0.113.7 [email]" {
		t.Error(got)
	}
	if got := NewMask([]string{MaskIP}, []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")}, nil).Text("203.0.113.7 10.0.0.1 a@b.example"); got != "203.0.113.7 [IP] a@b.example" {
		t.Error(got)
	}
	var none *Mask
	if none.Text("203.0.113.7") != "203.0.113.7" || none.Without(MaskIP) != nil || (&Mask{}).Text("a@b.example") != "a@b.example" {
		t.Error("a mask that masks nothing did")
	}
}

func FuzzMask(f *testing.F) {
	f.Add("203.0.113.7 ::1 a@b.example Az. 12 O 3/4")
	m := NewMask(MaskKinds(), OwnNetworks(), nil)
	f.Fuzz(func(t *testing.T, s string) {
		got, counts := m.Apply(s)
		if len(counts) == 0 && got != s {
			t.Errorf("%q became %q", s, got)
		}
		if strings.Count(got, "\n") > strings.Count(s, "\n") {
			t.Errorf("%q became %q", s, got)
		}
	})
}
