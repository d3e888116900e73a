package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// credential is the body of an answer.
type credential struct {
	CredentialID  string                     `json:"credentialId"`
	Type          string                     `json:"type"`
	Name          string                     `json:"name"`
	Metadata      json.RawMessage            `json:"metadata"`
	HasTotp       bool                       `json:"hasTotp"`
	ExpiresAt     *string                    `json:"expiresAt"`
	LastUsedAt    *string                    `json:"lastUsedAt"`
	UsageCount    int64                      `json:"usageCount"`
	LastRotatedAt *string                    `json:"lastRotatedAt"`
	CreatedAt     *string                    `json:"createdAt"`
	UpdatedAt     *string                    `json:"updatedAt"`
	Revision      int64                      `json:"revision"`
	Use           json.RawMessage            `json:"use"`
	Data          map[string]json.RawMessage `json:"data"`
}

func (c *credential) etag() string { return fmt.Sprintf(`"%s.%d"`, c.CredentialID, c.Revision) }

// content is what is sealed: as data, or as metadata.
type content struct {
	Type      string                     `json:"type"`
	Revision  int64                      `json:"revision"`
	ExpiresAt *int64                     `json:"expiresAt"`
	Use       json.RawMessage            `json:"use"`
	Data      map[string]json.RawMessage `json:"data"`
	Metadata  json.RawMessage            `json:"metadata"`
	HasTotp   bool                       `json:"hasTotp"`
}

// What may hold a seed or a refresh token is for the vault to hide, and none of this function's.
var hidden = []string{"totp", "totpSecret", "totp_secret", "secret", "otpauth", "tokenUrl"}

func opened(item, uses attributes, dataKey []byte, agentID, label string, now time.Time) (*credential, error) {
	id, revision := item.text("id"), item.number("revision")
	var parts [2]content
	for i, part := range []string{"metadata", "data"} {
		sealed := item.bytes([]string{"sealedMetadata", "sealed"}[i])
		plaintext, err := open(dataKey, sealed, agentID, label, id, part)
		if err != nil {
			return nil, err
		}
		err = json.Unmarshal(plaintext, &parts[i])
		clear(plaintext)
		if err != nil || parts[i].Revision != revision {
			return nil, errTampered
		}
	}
	metadata, data := parts[0], parts[1]
	if data.Data == nil {
		return nil, errTampered
	}
	if data.ExpiresAt != nil && now.UnixMilli() >= *data.ExpiresAt {
		return nil, problem{410, "expired", "the credential is past its expiresAt"}
	}
	if err := data.readable(); err != nil {
		return nil, err
	}
	delete(data.Data, "backupCodes")
	found := &credential{
		CredentialID: id, Type: data.Type, Name: label, Metadata: metadata.Metadata, HasTotp: metadata.HasTotp,
		LastRotatedAt: item.time("rotatedAt"), CreatedAt: item.time("createdAt"), UpdatedAt: item.time("updatedAt"),
		Revision: revision, Use: data.Use, Data: data.Data,
	}
	if data.ExpiresAt != nil {
		found.ExpiresAt = written(time.UnixMilli(*data.ExpiresAt))
	}
	if uses.text("credentialId") == id {
		found.UsageCount, found.LastUsedAt = uses.number("count"), uses.time("lastUsedAt")
	}
	return found, nil
}

func (c content) readable() error {
	var use struct {
		Reveal *bool `json:"reveal"`
	}
	if c.Use != nil {
		if err := json.Unmarshal(c.Use, &use); err != nil {
			return errTampered
		}
	}
	if use.Reveal != nil && !*use.Reveal {
		return problem{403, "forbidden", "the credential can be used, not read"}
	}
	if slices.ContainsFunc(hidden, func(field string) bool { return c.Data[field] != nil }) {
		return errInternal
	}
	return nil
}

// attributes are those of an item; what is absent or of another type is empty.
type attributes map[string]types.AttributeValue

func (a attributes) text(name string) string {
	value, _ := a[name].(*types.AttributeValueMemberS)
	if value == nil {
		return ""
	}
	return value.Value
}

func (a attributes) bytes(name string) []byte {
	value, _ := a[name].(*types.AttributeValueMemberB)
	if value == nil {
		return nil
	}
	return value.Value
}

func (a attributes) number(name string) int64 {
	value, _ := a[name].(*types.AttributeValueMemberN)
	if value == nil {
		return -1
	}
	number, err := strconv.ParseInt(value.Value, 10, 64)
	if err != nil {
		return -1
	}
	return number
}

// has says whether text is one of those in a list.
func (a attributes) has(name, text string) bool {
	list, _ := a[name].(*types.AttributeValueMemberL)
	return list != nil && slices.ContainsFunc(list.Value, func(each types.AttributeValue) bool {
		value, _ := each.(*types.AttributeValueMemberS)
		return value != nil && value.Value == text
	})
}

func (a attributes) time(name string) *string {
	at, err := time.Parse(time.RFC3339Nano, a.text(name))
	if err != nil {
		return nil
	}
	return written(at)
}

func written(at time.Time) *string {
	text := at.UTC().Format("2006-01-02T15:04:05.000Z")
	return &text
}
