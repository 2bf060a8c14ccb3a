package text

var runbooksTable = table{}
