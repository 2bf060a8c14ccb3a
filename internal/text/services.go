package text

// servicesTable holds what service hours, holidays and classes may say.
var servicesTable = table{
	"services.hours_month":         {"„{0}“ ist kein Monat; die Monate heißen Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", "\"{0}\" is no month; the months are Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"},
	"services.hours_month_hint":    {"„{0}“ ist kein Datum; gemeint ist wohl „{1}“", "\"{0}\" is no date; \"{1}\" is probably meant"},
	"services.hours_day_first":     {"Der Monat steht vorn: „{0}“", "The month comes first: \"{0}\""},
	"services.hours_no_date":       {"Den Tag „{0}“ gibt es in diesem Monat ({1}) nicht", "There is no day \"{0}\" in this month ({1})"},
	"services.hours_range":         {"„{0}“ ist kein Zeitraum: Anfang und Ende brauchen die gleiche Genauigkeit, und das Ende kommt nach dem Anfang, wie in Dec 24-Jan 2 oder 2026 Dec 24-2027 Jan 2", "\"{0}\" is no range of dates: both ends need to be equally exact, and the end comes after the beginning, as in Dec 24-Jan 2 or 2026 Dec 24-2027 Jan 2"},
	"services.hours_year_again":    {"Gilt hier auch das Jahr davor? Das Jahr steht vor jedem Datum der Liste oder vor keinem", "Does the year before hold here too? The year stands before each date of the list or before none"},
	"services.hours_easter":        {"Tage vor und nach Ostersonntag heißen „easter -2 days“ und „easter +1 day“", "Days before and after Easter Sunday are written \"easter -2 days\" and \"easter +1 day\""},
	"services.hours_nth":           {"In Klammern steht, der wievielte im Monat gemeint ist: Su[1], Fr[-1], We[1,3]", "The brackets say which one of the month is meant: Su[1], Fr[-1], We[1,3]"},
	"services.hours_quote":         {"Hier fehlt das Anführungszeichen am Ende der Bemerkung", "The quotation mark at the end of the comment is missing"},
	"services.hours_comment":       {"Eine Bemerkung allein sagt nicht, ob geöffnet ist: davor gehören Zeiten, „open“ oder „off“", "A comment alone does not say whether it is open: times, \"open\" or \"off\" belong before it"},
	"services.hours_all_again":     {"Diese Regel gilt für jeden Tag und hebt alle davor auf. Weitere Zeiten desselben Tages stehen nach einem Komma; sonst gehören Tage davor", "This rule holds for every day and makes all before it void. More times of the same day stand after a comma; otherwise days belong before it"},
	"services.hours_holiday_first": {"Eine spätere Regel hebt diese an Feiertagen wieder auf; „PH“ gehört ans Ende", "A later rule replaces this one on public holidays; \"PH\" belongs at the end"},
	"services.hours_unsupported":   {"„{0}“ wird nicht unterstützt; {1:msg}", "\"{0}\" is not supported; {1:msg}"},
	"services.hours_no_fallback":   {"Regeln werden mit „;“ getrennt, und die spätere gilt", "rules are separated by \";\", and the later one holds"},
	"services.hours_no_unknown":    {"zugesagt ist etwas oder nicht: „open“ oder „off“", "a promise is one or it is not: \"open\" or \"off\""},
	"services.hours_no_open_end":   {"eine Zusage braucht ein Ende, wie in 08:00-16:00", "a promise needs an end, as in 08:00-16:00"},
	"services.hours_no_sun":        {"eine Zusage braucht Uhrzeiten", "a promise needs times of the clock"},
	"services.hours_no_school":     {"Schulferien stehen als Zeiträume da, wie in 2026 Aug 3-Sep 14", "school holidays are written as dates, as in 2026 Aug 3-Sep 14"},
	"services.hours_no_week":       {"statt Kalenderwochen stehen Zeiträume da, wie in 2026 Aug 3-16", "weeks are written as dates, as in 2026 Aug 3-16"},
}
