package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"lage/checks"
	"lage/internal/text"
)

var _ checks.Recorder = (*Recorder)(nil)

func TestStateComesBackAsWritten(t *testing.T) {
	s, _ := newStore(t)
	var st checks.State
	fill(reflect.ValueOf(&st).Elem(), new(int64))
	st.Check, st.Last.Check, st.Status = "form/web", "form/web", checks.StatusDegraded
	r := st.Last
	empty := checks.State{Check: "form/db", Last: checks.Result{Check: "form/db", At: t0}}
	counted := r
	counted.ByHand = false
	ok(t, s.Recorder().Record(t.Context(), []checks.Recorded{{Result: counted, State: st}, {Result: r}, {Result: empty.Last, State: empty}}))
	got, err := s.States(t.Context())
	ok(t, err)
	if want := map[string]checks.State{"form/web": st, "form/db": empty}; !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	rawExec(t, raw(t, s), "UPDATE states SET data = substr(data, 1, 20)")
	got, err = s.States(t.Context())
	ok(t, err)
	if want := (checks.State{Check: "form/web"}); !reflect.DeepEqual(got["form/web"], want) {
		t.Errorf("a broken row is not unknown: %+v", got["form/web"])
	}
}

// fill gives every field another value, so that a field that is not kept is missed when it is read back.
func fill(v reflect.Value, n *int64) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("Ä\n", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(*n)
	case reflect.Uint32:
		v.SetUint(uint64(*n))
	case reflect.Float64:
		v.SetFloat(-0.75 * float64(*n))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(v.Index(i), n)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		val := reflect.New(v.Type().Elem()).Elem()
		fill(val, n)
		v.SetMapIndex(reflect.ValueOf("key"), val)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(t0.Add(time.Duration(*n))))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	default:
		panic("fill does not know " + v.Kind().String())
	}
}

func TestChecksThatLeaveAreHidden(t *testing.T) {
	s, _ := newStore(t)
	web, db := checks.Check{ID: "form/web", Service: "form"}, checks.Check{ID: "form/db", Service: "form"}
	ok(t, s.SyncChecks(t.Context(), []checks.Check{web, db}))
	ok(t, s.Recorder().Record(t.Context(), []checks.Recorded{result("form/web", t0, 1, checks.Good), result("form/db", t0, 1, checks.Good)}))
	visible := func(want ...string) {
		t.Helper()
		states, err := s.States(t.Context())
		ok(t, err)
		var got []string
		for id := range states {
			got = append(got, id)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
	visible("form/db", "form/web")
	ok(t, s.SyncChecks(t.Context(), []checks.Check{db}))
	visible("form/db")
	if list, err := s.Samples(t.Context(), "form/web", t0, t0.Add(time.Hour)); err != nil || len(list) != 1 {
		t.Errorf("history of a hidden check: %v %v", list, err)
	}
	ok(t, s.SyncChecks(t.Context(), []checks.Check{web, db}))
	visible("form/db", "form/web")
}

// A check that left while it was down is not down all the time that nobody measures it. When it comes back nothing is
// known of it, so that a failure is a new one.
func TestCheckThatLeftDownComesBackUnknown(t *testing.T) {
	s, c := newStore(t)
	web := checks.Check{ID: "form/web", Service: "form"}
	ok(t, s.SyncChecks(t.Context(), []checks.Check{web}))
	ok(t, s.Recorder().Record(t.Context(), []checks.Recorded{result("form/web", t0, time.Second, checks.Bad)}))
	c.set(t0.Add(10 * time.Minute))
	ok(t, s.SyncChecks(t.Context(), nil))
	c.set(t0.Add(24 * time.Hour))
	ok(t, s.SyncChecks(t.Context(), []checks.Check{web}))
	states, err := s.States(t.Context())
	ok(t, err)
	if st := states["form/web"]; st.Status != checks.StatusUnknown || st.Failures != 0 || st.Last.Message.Code != "checks.http_status" {
		t.Errorf("%+v", st)
	}
	ok(t, s.view(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		down, err := downs(ctx, tx, 0, t0, t0.Add(24*time.Hour), c.now())
		if got := down[1].within(t0, t0.Add(24*time.Hour)); got != 10*time.Minute {
			t.Errorf("counted as down for %v", got)
		}
		return err
	}))
	list, err := s.Transitions(t.Context(), "form/web", 10)
	if err != nil || len(list) != 2 || list[1].To != checks.StatusDown {
		t.Errorf("%v %v", list, err)
	}
	ok(t, s.Recorder().Record(t.Context(), []checks.Recorded{result("form/web", c.now(), time.Second, checks.Good)}))
}

// feed records results of one check every 30 s from t0 on, a batch each, as a poller would; o gives the outcome.
func feed(t testing.TB, s *Store, c *clock, check string, n int, o func(i int) checks.Outcome) []checks.Sample {
	t.Helper()
	var want []checks.Sample
	st := checks.State{Check: check}
	for i := range n {
		at := t0.Add(time.Duration(i) * 30 * time.Second)
		c.set(at.Add(time.Second))
		r := checks.Result{Check: check, At: at, Latency: time.Duration(100+i%50) * time.Millisecond, Outcome: o(i)}
		is := checks.StatusUp
		if r.Outcome == checks.Bad {
			is, r.Message = checks.StatusDown, text.M("checks.http_status", 503)
		}
		if st.Status != is {
			st.Status, st.Since = is, at
		}
		ok(t, s.Recorder().Record(t.Context(), []checks.Recorded{{Result: r, State: st}}))
		want = append(want, checks.Sample{At: at, Latency: r.Latency, Outcome: r.Outcome})
	}
	return want
}

func TestHistoryIsTheSameInLogAndBlocks(t *testing.T) {
	s, c := newStore(t)
	outage := func(i int) checks.Outcome { // 03:18 to 03:38
		if i >= 40 && i < 80 {
			return checks.Bad
		}
		return checks.Good
	}
	want := feed(t, s, c, "form/web", 600, outage) // five hours
	feed(t, s, c, "form/other", 10, outage)
	var blocks, rows int
	ok(t, s.readers.QueryRow("SELECT (SELECT count(*) FROM blocks), (SELECT count(*) FROM log)").Scan(&blocks, &rows))
	if blocks == 0 || rows == 0 || rows > 260 {
		t.Fatalf("%d blocks, %d rows of log: nothing was moved", blocks, rows)
	}
	got, err := s.Samples(t.Context(), "form/web", t0, t0.Add(6*time.Hour))
	ok(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%d samples, want %d", len(got), len(want))
	}
	got, err = s.Samples(t.Context(), "form/web", want[50].At, want[550].At)
	ok(t, err)
	if !reflect.DeepEqual(got, want[50:550]) {
		t.Errorf("%d samples, want 500", len(got))
	}
	hours, err := s.Hours(t.Context(), "form/web", t0.Add(-time.Hour), t0.Add(6*time.Hour))
	ok(t, err)
	if len(hours) != 6 || hours[0].Total != 4 || hours[1].Total != 120 || hours[1].Bad != 40 || hours[1].Down != 20*time.Minute || hours[2].Down != 0 {
		t.Errorf("%+v", hours)
	}
	near(t, "p50", hours[2].P50, 127*time.Millisecond)
	near(t, "p95", hours[2].P95, 146*time.Millisecond)
	if hours[2].Max != 149*time.Millisecond {
		t.Errorf("max %v", hours[2].Max)
	}
	days, err := s.Days(t.Context(), "form/web", t0, t0.Add(6*time.Hour), time.UTC)
	ok(t, err)
	if len(days) != 1 || days[0].Total != 600 || days[0].Bad != 40 || days[0].Down != 20*time.Minute {
		t.Errorf("%+v", days)
	}
	minutes, err := s.Minutes(t.Context(), []string{"form/web", "form/other", "no/such"}, t0, 10*time.Minute, 6)
	ok(t, err)
	if minutes[0].Total != 30 || minutes[1].Total != 20 || minutes[2].Bad != 20 || minutes[3].Bad != 20 || minutes[4].Bad != 0 {
		t.Errorf("%+v", minutes)
	}
	tr, err := s.Transitions(t.Context(), "form/web", 2)
	ok(t, err)
	if len(tr) != 2 || tr[0].To != checks.StatusUp || tr[0].From != checks.StatusDown || tr[1].To != checks.StatusDown || !tr[1].Since.Equal(want[40].At) ||
		tr[1].Message.Code != "checks.http_status" || tr[1].Service != "form" {
		t.Errorf("%+v", tr)
	}
}

func near(t *testing.T, what string, got, want time.Duration) {
	t.Helper()
	if math.Abs(float64(got-want)) > 0.011*float64(want) {
		t.Errorf("%s: %v, want %v within 1 %%", what, got, want)
	}
}

func TestLateResultsAreCounted(t *testing.T) {
	s, c := newStore(t)
	feed(t, s, c, "form/web", 480, func(int) checks.Outcome { return checks.Good })
	late := result("form/web", t0.Add(time.Second), time.Second, checks.Bad)
	ok(t, s.Recorder().Record(t.Context(), []checks.Recorded{late}))
	for range 2 { // in the log, then in a second block of its hour
		list, err := s.Samples(t.Context(), "form/web", t0, t0.Add(time.Minute))
		ok(t, err)
		hours, err := s.Hours(t.Context(), "form/web", t0, t0.Add(time.Minute))
		ok(t, err)
		if len(list) != 3 || list[1].Outcome != checks.Bad || hours[0].Total != 5 || hours[0].Bad != 1 {
			t.Errorf("%+v %+v", list, hours)
		}
		c.add(4 * time.Hour)
		ok(t, s.compact(t.Context()))
	}
}

func TestByHandIsShownAndNotCounted(t *testing.T) {
	s, _ := newStore(t)
	r := result("form/web", t0, time.Second, checks.Bad)
	r.Result.ByHand = true
	ok(t, s.Recorder().Record(t.Context(), []checks.Recorded{r}))
	list, err := s.Samples(t.Context(), "form/web", t0, t0.Add(time.Hour))
	ok(t, err)
	hours, err := s.Hours(t.Context(), "form/web", t0, t0.Add(time.Hour))
	ok(t, err)
	if len(list) != 1 || hours[0].Total != 0 || hours[0].Bad != 0 {
		t.Errorf("%+v %+v", list, hours)
	}
}

// A person's test runs beside the poller: the state that it read may be old by the time it is written.
func TestByHandKeepsTheStateOfThePoller(t *testing.T) {
	s, _ := newStore(t)
	good := result("form/web", t0, time.Second, checks.Good)
	ok(t, s.Recorder().Record(t.Context(), []checks.Recorded{good}))
	ok(t, s.Recorder().Record(t.Context(), []checks.Recorded{result("form/web", t0.Add(time.Minute), time.Second, checks.Bad)}))
	hand := good
	hand.Result.At, hand.Result.ByHand = t0.Add(2*time.Minute), true
	ok(t, s.Recorder().Record(t.Context(), []checks.Recorded{hand}))
	states, err := s.States(t.Context())
	ok(t, err)
	if st := states["form/web"]; st.Status != checks.StatusDown || !st.Last.ByHand || !st.Since.Equal(t0.Add(time.Minute)) {
		t.Errorf("%+v", st)
	}
	if n := count(t, s, "transitions"); n != 2 {
		t.Errorf("%d transitions, want 2", n)
	}
}

func TestMessagesAreWrittenWhenTheyChange(t *testing.T) {
	s, c := newStore(t)
	feed(t, s, c, "form/web", 10, func(i int) checks.Outcome {
		if i == 5 {
			return checks.Good
		}
		return checks.Bad
	})
	var said []int
	n := 0
	ok(t, s.view(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		return eachSample(ctx, tx, map[int64]bool{1: true}, t0, t0.Add(time.Hour), func(sm sample) {
			if sm.message != "" {
				said = append(said, n)
			}
			n++
		})
	}))
	if want := []int{0, 4}; !slices.Equal(said, want) { // 02:58, and 03:00 as a new hour
		t.Errorf("%v", said)
	}
}

func TestFencing(t *testing.T) {
	s, c := newStore(t)
	old, err := s.AcquireLease(t.Context(), LeaseRequest{Kind: "console", Owner: "a", TTL: time.Minute})
	ok(t, err)
	mine := s.WithEpoch(old.Epoch)
	ok(t, mine.Record(t.Context(), []checks.Recorded{result("form/web", t0, 1, checks.Good)}))
	c.add(2 * time.Minute) // the holder sleeps
	next, err := s.AcquireLease(t.Context(), LeaseRequest{Kind: "console", Owner: "b", TTL: time.Minute})
	if err != nil || !next.Held {
		t.Fatal(next, err)
	}
	if err := mine.Record(t.Context(), []checks.Recorded{result("form/web", c.now(), 1, checks.Bad), result("form/new", c.now(), 1, checks.Bad)}); !errors.Is(err, ErrLeaseLost) {
		t.Errorf("%v", err)
	}
	if err := s.SetPoller(t.Context(), old.Epoch, 1, "x"); !errors.Is(err, ErrLeaseLost) {
		t.Error(err)
	}
	if err := s.CheckEpoch(t.Context(), old.Epoch); !errors.Is(err, ErrLeaseLost) {
		t.Errorf("the old poller may open incidents: %v", err)
	}
	ok(t, s.CheckEpoch(t.Context(), next.Epoch))
	if count(t, s, "log") != 1 || count(t, s, "checks") != 1 || count(t, s, "transitions") != 1 {
		t.Error("an old poller wrote something")
	}
	ok(t, s.WithEpoch(next.Epoch).Record(t.Context(), []checks.Recorded{result("form/web", c.now(), 1, checks.Good)}))
}

func TestHistogramIsWithinOnePercent(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var sum histogram
	var all []int64
	for range 24 { // a day of hours, packed and added up
		var h histogram
		for range 500 {
			us := int64(math.Exp(rnd.NormFloat64()*1.5 + 11))
			h.add(us, 1)
			all = append(all, us)
		}
		sum.unpack(string(h.pack()))
	}
	slices.Sort(all)
	for _, p := range []float64{0.01, 0.5, 0.95, 0.99, 1} {
		want := time.Duration(all[int(math.Ceil(p*float64(len(all))))-1]) * time.Microsecond
		near(t, fmt.Sprint(p), sum.percentile(p), want)
	}
	var empty histogram
	if empty.percentile(0.5) != 0 {
		t.Error("an empty histogram has a median")
	}
}

// FuzzUnpack: what lies in a damaged file never panics.
func FuzzUnpack(f *testing.F) {
	f.Add(string(packState(result("a/b", t0, 5, checks.Bad).State)))
	block := []sample{{at: 1000, latency: 5}, {at: 31000, latency: 700, flags: 3, message: `{"code":"x"}`}, {at: 61000, flags: 3}}
	f.Add(string(packBlock(block)))
	f.Add(string(packBatch(5e9, block)))
	f.Add("\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")
	f.Fuzz(func(_ *testing.T, data string) {
		unpackState("a/b", data)
		unpackBlock(1, data, func(sample) {})
		unpackBatch(0, data, func(sample) {})
		unpackDays(data)
		var h histogram
		h.unpack(data)
	})
}

func TestBlocksAreSmall(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	var in []sample
	for i := range 120 { // an hour at 30 s, starts up to 50 ms off, latencies around 240 ms
		in = append(in, sample{check: 7, at: t0.UnixMilli() + int64(i)*30_000 + rnd.Int64N(50), latency: 240_000 + rnd.Int64N(90_000), flags: 1})
	}
	in[60].flags, in[60].message = 3, `{"code":"checks.http_status","args":["503"]}`
	packed := packBlock(in)
	var out []sample
	unpackBlock(7, string(packed), func(sm sample) { out = append(out, sm) })
	if !reflect.DeepEqual(in, out) {
		t.Errorf("%+v", out)
	}
	if per := float64(len(packed)) / float64(len(in)); per > 5.5 {
		t.Errorf("%.2f bytes a result", per)
	}
}
