// Command cosigcheck verifies one C2SP cosignature (c2sp.org/tlog-cosignature, Ed25519) with
// golang.org/x/mod/sumdb/note and the standard library alone: it shares no code with Rujukan.
//
//	cosigcheck NOTE LOG_VKEY COSIGNER_VKEY
//
// NOTE is a file. Exit code 0 and "ok: <origin> cosigned by <name> at <seconds>", or 1 and the reason.
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

const cosignature = 0x04

// cosigner is a note.Verifier for keys of type 0x04; the time of the last good signature is kept.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
	time uint64
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }
func (c *cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	c.time = binary.BigEndian.Uint64(sig)
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", c.time, msg)
	return ed25519.Verify(c.key, []byte(signed), sig[8:])
}

func newCosigner(vkey string) (*cosigner, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("malformed vkey")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != cosignature {
		return nil, errors.New("not a key of type 4")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	hash := binary.BigEndian.Uint32(sum[:])
	if fmt.Sprintf("%08x", hash) != parts[1] {
		return nil, errors.New("the key id is not this key's")
	}
	return &cosigner{name: parts[0], hash: hash, key: key[1:]}, nil
}

func check(file, logVkey, cosignerVkey string) (string, error) {
	signed, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	log, err := note.NewVerifier(logVkey)
	if err != nil {
		return "", err
	}
	witness, err := newCosigner(cosignerVkey)
	if err != nil {
		return "", err
	}
	opened, err := note.Open(signed, note.VerifierList(log, witness))
	if err != nil {
		return "", err
	}
	if len(opened.Sigs) != 2 {
		return "", fmt.Errorf("%d good signatures; two were expected", len(opened.Sigs))
	}
	origin, _, _ := strings.Cut(opened.Text, "\n")
	return fmt.Sprintf("ok: %s cosigned by %s at %d", origin, witness.name, witness.time), nil
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: cosigcheck NOTE LOG_VKEY COSIGNER_VKEY")
		os.Exit(1)
	}
	summary, err := check(os.Args[1], os.Args[2], os.Args[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, "cosigcheck:", err)
		os.Exit(1)
	}
	fmt.Println(summary)
}
