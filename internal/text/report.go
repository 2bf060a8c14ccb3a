package text

var reportTable = table{}
