package store

import "syscall"

// networkKind names the network file system on which path lies, or is empty. SQLite's locks do not hold there, and shared
// memory, which WAL needs, does not work between machines.
func networkKind(path string) string {
	var st syscall.Statfs_t
	if syscall.Statfs(path, &st) != nil {
		return "" // opening the file will say what is wrong
	}
	return networkName(uint32(st.Type)) // the sign and width of Type differ between architectures
}

// networkName knows the magic numbers of statfs(2).
func networkName(magic uint32) string {
	switch magic {
	case 0x6969:
		return "NFS"
	case 0xff534d42:
		return "CIFS"
	case 0xfe534d42, 0x517b:
		return "SMB"
	case 0x01021997:
		return "9P"
	case 0x65735546:
		return "FUSE"
	}
	return ""
}
