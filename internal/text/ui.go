package text

var uiTable = table{}
