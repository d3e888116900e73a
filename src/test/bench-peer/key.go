package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"hash/crc32"
	"strings"
)

const (
	crockford    = "0123456789abcdefghjkmnpqrstvwxyz"
	keyPrefix    = "avk_"
	idEnd        = len(keyPrefix) + 26
	secretEnd    = idEnd + 1 + 52
	keyLength    = secretEnd + 7
	bitsPerDigit = 5
)

// agentKey is avk_<agentId>_<secret><checksum>.
type agentKey struct {
	agentID string
	hash    [sha256.Size]byte
}

func parseAgentKey(text string) (agentKey, error) {
	if len(text) != keyLength || !strings.HasPrefix(text, keyPrefix) || text[idEnd] != '_' ||
		!isCanonical(text[idEnd+1:secretEnd], 256) || checksum(text[:secretEnd]) != text[secretEnd:] ||
		!isCanonical(text[len(keyPrefix):idEnd], 128) {
		return agentKey{}, errUnauthorized
	}
	return agentKey{agentID: text[len(keyPrefix):idEnd], hash: sha256.Sum256([]byte(text))}, nil
}

func (k agentKey) matches(verifier []byte) bool {
	return subtle.ConstantTimeCompare(k.hash[:], verifier) == 1
}

// isCanonical says whether text is the one spelling, in Crockford's base32, of so many bits.
func isCanonical(text string, bits int) bool {
	length := (bits + bitsPerDigit - 1) / bitsPerDigit
	if len(text) != length {
		return false
	}
	for _, c := range text {
		if !strings.ContainsRune(crockford, c) {
			return false
		}
	}
	padding := length*bitsPerDigit - bits
	return strings.IndexByte(crockford, text[0]) < 1<<(bitsPerDigit-padding)
}

func checksum(body string) string {
	value := uint64(crc32.ChecksumIEEE([]byte(body)))
	var digits [7]byte
	for i := len(digits) - 1; i >= 0; i-- {
		digits[i] = crockford[value&31]
		value >>= bitsPerDigit
	}
	return string(digits[:])
}
