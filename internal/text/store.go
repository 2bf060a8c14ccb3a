package text

var storeTable = table{}
