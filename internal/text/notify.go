package text

var notifyTable = table{}
