package text

var cliTable = table{}
