package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
)

const (
	envelopeVersion = 2
	saltBytes       = 32
	overheadBytes   = 1 + saltBytes + 16
)

// open opens sealed bytes of version 2: the clauses stand in the vault's package crypto.
func open(dataKey, sealed []byte, agentID, label, credentialID, part string) ([]byte, error) {
	if len(sealed) < overheadBytes || sealed[0] != envelopeVersion {
		return nil, errTampered
	}
	binding := []byte{envelopeVersion}
	for _, each := range []string{agentID, label, credentialID, part} {
		binding = binary.BigEndian.AppendUint32(binding, uint32(len(each)))
		binding = append(binding, each...)
	}
	contentKey, err := hkdf.Key(sha256.New, dataKey, sealed[1:1+saltBytes], string(binding), 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(contentKey)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	plaintext, err := gcm.Open(nil, make([]byte, gcm.NonceSize()), sealed[1+saltBytes:], binding)
	if err != nil {
		return nil, errTampered
	}
	return plaintext, nil
}
