package text

var demoTable = table{}
