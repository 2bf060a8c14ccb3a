package text

var roomTable = table{}
