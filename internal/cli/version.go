package cli

import (
	"context"
	"runtime"
	"runtime/debug"
)

// stamp is the version of a package; packaging/build puts it in when it links, and nothing writes it afterwards.
var stamp string

// build says which lage this is.
type build struct {
	Schema   string `json:"schema"`
	Version  string `json:"version"`
	Revision string `json:"revision"` // of the source; empty when unknown
	Modified bool   `json:"modified"` // the source was changed after that revision
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// version is that of the package, or what the Go toolchain wrote into the program.
func version() build {
	b := build{Schema: "lage/version/v1", Version: "devel", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	if stamp != "" {
		b.Version = stamp
	} else if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

func runVersion(_ context.Context, a *app) error {
	v := version()
	if a.on("json") {
		return a.json(v)
	}
	line := "lage " + v.Version
	if len(v.Revision) >= 12 && v.Version == "devel" {
		line += " " + v.Revision[:12]
	}
	a.println(line + " (" + v.Go + ", " + v.Platform + ")")
	return nil
}
