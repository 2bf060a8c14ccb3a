package text

var checksTable = table{}
