package text

// tables lists the rooms' texts. Each table stands in the file of its name.
var tables = []table{checksTable, incidentsTable, runbooksTable, configTable, notifyTable, reportTable, storeTable, uiTable, roomTable, cliTable, demoTable, accessTable, alarmsTable, doctorTable, backupTable, pollerTable, privacyTable, lintTable, servicesTable, walksTable, libraryTable, walkuiTable, historyTable, timelineTable, execTable, callingTable}
