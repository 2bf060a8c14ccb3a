package text

var incidentsTable = table{}
