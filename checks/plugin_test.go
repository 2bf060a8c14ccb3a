package checks

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestReadPlugin(t *testing.T) {
	for in, want := range map[string]plugin{
		"":                                       {},
		"DISK OK - free space: / 3326 MB (56%);": {summary: "DISK OK - free space: / 3326 MB (56%);"},
		"HTTP CRITICAL - 503 | time=1.2s;0.8;2 cert=63;21:\n": {summary: "HTTP CRITICAL - 503", perf: "time=1.2s;0.8;2 cert=63;21:"},
		"OK | a=1\nline 1\nline 2 | b=2\nc=3":                 {summary: "OK", long: "line 1\nline 2", perf: "a=1 b=2\nc=3"},
		"\n\n  only text  \nmore":                             {summary: "only text", long: "more"},
		"|a=1":                                                {perf: "a=1"},
		"first\nsecond\nthird":                                {summary: "first", long: "second\nthird"},
	} {
		got := readPlugin(in)
		got.perf = strings.TrimSpace(strings.ReplaceAll(got.perf, "  ", " "))
		if got != want {
			t.Errorf("readPlugin(%q) = %+v, want %+v", in, got, want)
		}
	}
}

func TestParsePerf(t *testing.T) {
	for in, want := range map[string][]Perf{
		"":                                    nil,
		"time=1.204s;0.800;2.000;0;10":        {{Label: "time", Value: 1.204, Unit: "s", Warn: "0.800", Crit: "2.000", Min: "0", Max: "10"}},
		"cert=63;21:;7:;0;":                   {{Label: "cert", Value: 63, Warn: "21:", Crit: "7:", Min: "0"}},
		"'free space'=5KiB 'it''s'=1%":        {{Label: "free space", Value: 5, Unit: "KiB"}, {Label: "it's", Value: 1, Unit: "%"}},
		"/=2643MB;5948;5958;0;5968 load1=-.5": {{Label: "/", Value: 2643, Unit: "MB", Warn: "5948", Crit: "5958", Min: "0", Max: "5968"}, {Label: "load1", Value: -0.5}},
		"a=1,5s b=2e3B c=+4c":                 {{Label: "a", Value: 1.5, Unit: "s"}, {Label: "b", Value: 2000, Unit: "B"}, {Label: "c", Value: 4, Unit: "c"}},
		"t=5µs":                               {{Label: "t", Value: 5, Unit: "µs"}},
		"a=U b=2":                             {{Label: "b", Value: 2}},
		"a=nan b=inf c=0x10 d=1_000 e=1e999":  nil,
		"junk 'open =3 x=1":                   {{Label: "x", Value: 1}},
		"=5 ''=4 a= b=1.2.3":                  nil,
		"a=1 garbage b=2":                     {{Label: "a", Value: 1}, {Label: "b", Value: 2}},
		"a=5;@10:20;~:30":                     {{Label: "a", Value: 5, Warn: "@10:20", Crit: "~:30"}},
		"a=1;2;3;4;5;6;7":                     {{Label: "a", Value: 1, Warn: "2", Crit: "3", Min: "4", Max: "5"}},
	} {
		if got := ParsePerf(in); !reflect.DeepEqual(got, want) {
			t.Errorf("ParsePerf(%q) = %+v, want %+v", in, got, want)
		}
	}
	if got := ParsePerf(strings.Repeat("a=1 ", 5000)); len(got) != maxPerf {
		t.Errorf("%d values kept", len(got))
	}
}

func TestRange(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		s       string
		ok      bool
		in, out []float64
	}{
		{"10", true, []float64{0, 5, 10}, []float64{-1, 10.1}},
		{"10:", true, []float64{10, 1e9, inf}, []float64{9.9, -1}},
		{"~:10", true, []float64{-1e9, 10}, []float64{10.1}},
		{":10", true, []float64{0, 10}, []float64{-1, 11}},
		{"10:20", true, []float64{10, 20}, []float64{9, 21}},
		{"@10:20", true, []float64{9, 21}, []float64{10, 15, 20}},
		{"-5:-1", true, []float64{-5, -1}, []float64{0, -6}},
		{"~:", true, []float64{-1e9, 0, 1e9}, nil},
		{"0.8", true, []float64{0.8}, []float64{0.81}},
		{"", false, nil, nil}, {"@", false, nil, nil}, {"20:10", false, nil, nil}, {"a", false, nil, nil},
		{"1:b", false, nil, nil}, {"1:2:3", false, nil, nil}, {"-5", false, nil, nil},
	} {
		r, ok := ParseRange(c.s)
		if ok != c.ok {
			t.Errorf("ParseRange(%q) ok = %v", c.s, ok)
			continue
		}
		for _, v := range c.in {
			if !r.Contains(v) {
				t.Errorf("%q does not contain %v", c.s, v)
			}
		}
		for _, v := range c.out {
			if r.Contains(v) {
				t.Errorf("%q contains %v", c.s, v)
			}
		}
	}
}

func FuzzParsePerf(f *testing.F) {
	for _, s := range []string{"time=1.204s;0.8;2;0;10", "'a b'=1% 'it''s'=2", "a=U b=,5 c=1e5", "=;;", "'=", "a=-", "\xff=1\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list := ParsePerf(s)
		if len(list) > maxPerf {
			t.Fatalf("%d values", len(list))
		}
		for _, p := range list {
			if p.Label == "" || len(p.Label) > maxLabel || math.IsNaN(p.Value) || math.IsInf(p.Value, 0) {
				t.Fatalf("%q gives %+v", s, p)
			}
			for _, lim := range []string{p.Warn, p.Crit, p.Min, p.Max} {
				if len(lim) > maxLabel {
					t.Fatalf("%q keeps %q", s, lim)
				}
				if r, ok := ParseRange(lim); ok && !r.Inverted && !r.Contains(r.Start) {
					t.Fatalf("range %q lacks its own start", lim)
				}
			}
			// What was read is read again from its own notation.
			if again := ParsePerf("'" + strings.ReplaceAll(p.Label, "'", "''") + "'=" + number(p.Value) + p.Unit); len(again) != 1 || again[0].Value != p.Value || again[0].Label != p.Label {
				t.Fatalf("%+v reads back as %+v", p, again)
			}
		}
	})
}

func BenchmarkParsePerf(b *testing.B) {
	s := "time=1.204s;0.800;2.000;0;10 size=18422B;;;0 'free space'=5KiB;10:;5: cert=63;21:;7:;0;"
	b.ReportAllocs()
	for b.Loop() {
		ParsePerf(s)
	}
}
