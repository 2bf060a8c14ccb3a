// Package bench measures the built binary as a whole process: what a check costs, whether checks are on time, what is
// written, what the console sends. It prints a table with the floor measured in the same run, so that ratios can be read
// on any machine. There is nothing in it but tests, which run with LAGE_LONG=1.
package bench
