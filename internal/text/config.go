package text

var configTable = table{}
