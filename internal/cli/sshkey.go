package cli

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math/big"
	"slices"
	"strings"

	"lage/internal/clean"
	"lage/internal/text"
)

// publicKey is an SSH public key that sshd accepts.
type publicKey struct {
	kind    string // "ssh-ed25519"
	blob    []byte
	comment string
}

// minRSA is the smallest RSA key that is taken, in bits: the smallest that OpenSSH still makes by itself.
const minRSA = 3072

// line writes the key as authorized_keys has it.
func (k publicKey) line() string {
	return strings.TrimSpace(k.kind + " " + base64.StdEncoding.EncodeToString(k.blob) + " " + k.comment)
}

// fingerprint writes what ssh-keygen -l and sshd's log show.
func (k publicKey) fingerprint() string { return fingerprint(k.blob) }

func fingerprint(blob []byte) string {
	sum := sha256.Sum256(blob)
	return "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])
}

// keyKinds gives the lengths of the fields that follow the kind in a key; 0 means any length.
func keyKinds() map[string][]int {
	return map[string][]int{
		"ssh-ed25519":                        {32},
		"sk-ssh-ed25519@openssh.com":         {32, 0},
		"ssh-rsa":                            {0, 0},
		"ecdsa-sha2-nistp256":                {8, 65},
		"ecdsa-sha2-nistp384":                {8, 97},
		"ecdsa-sha2-nistp521":                {8, 133},
		"sk-ecdsa-sha2-nistp256@openssh.com": {8, 65, 0},
	}
}

// errKey says that the bytes of a key are not what its kind says.
var errKey = errors.New("not a key")

// parsePublicKey reads one line as ssh-keygen writes it to a file with the ending .pub.
func parsePublicKey(s string) (publicKey, error) {
	refuse := func(code string, args ...any) (publicKey, error) {
		return publicKey{}, &fault{code: exitUsage, msg: text.M(code, args...), hint: text.M("access.hint_key")}
	}
	if strings.Contains(s, "PRIVATE KEY") {
		return refuse("access.err_key_private")
	}
	s = strings.TrimSpace(s)
	if strings.ContainsAny(s, "\r\n\x00") {
		return refuse("access.err_key_lines")
	}
	f := strings.Fields(s)
	if len(f) == 0 {
		return refuse("access.err_key_form")
	}
	fields, known := keyKinds()[f[0]]
	if !known {
		return refuse("access.err_key_kind", clean.Line(f[0]))
	}
	if len(f) < 2 {
		return refuse("access.err_key_form")
	}
	blob, err := base64.StdEncoding.Strict().DecodeString(f[1])
	if err != nil {
		return refuse("access.err_key_form")
	}
	k := publicKey{kind: f[0], blob: blob, comment: clean.Line(strings.Join(f[2:], " "))}
	bits, err := k.check(fields)
	switch {
	case err != nil:
		return refuse("access.err_key_form")
	case k.kind == "ssh-rsa" && bits < minRSA:
		return refuse("access.err_key_short", bits, minRSA)
	}
	return k, nil
}

// check reads the fields of the key and gives the bits of an RSA modulus.
func (k publicKey) check(fields []int) (bits int, err error) {
	kind, rest, ok := takeField(k.blob)
	if !ok || string(kind) != k.kind {
		return 0, errKey
	}
	for i, n := range fields {
		var field []byte
		if field, rest, ok = takeField(rest); !ok || len(field) == 0 || n > 0 && len(field) != n {
			return 0, errKey
		}
		switch {
		case n == 8 && !strings.Contains(k.kind, "-"+string(field)):
			return 0, errKey // another curve than the kind's
		case k.kind == "ssh-rsa" && i == 1:
			bits = new(big.Int).SetBytes(field).BitLen()
		case slices.Contains([]int{65, 97, 133}, n) && field[0] != 4:
			return 0, errKey // no point
		}
	}
	if len(rest) > 0 {
		return 0, errKey
	}
	return bits, nil
}

// takeField takes the first field, which its length stands before.
func takeField(b []byte) (field, rest []byte, ok bool) {
	if len(b) < 4 {
		return nil, nil, false
	}
	n := binary.BigEndian.Uint32(b)
	if b = b[4:]; uint64(n) > uint64(len(b)) {
		return nil, nil, false
	}
	return b[:n], b[n:], true
}
