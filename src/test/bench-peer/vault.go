package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
)

const (
	callLimit    = 5 * time.Second
	keysKeptFor  = 300 * time.Second
	retention    = 90 * 24 * time.Hour
	mostAttempts = 3
)

// call is what one request did so far.
type call struct {
	requestID, agent, label       string
	begun                         time.Time
	storageCalls, keyServiceCalls int
	storage, keyService           time.Duration
}

// vault is not safe for two requests at once: an instance has one.
type vault struct {
	table, logTable, keyID string
	dynamoDB               *dynamodb.Client
	kms                    *kms.Client
	http                   *awshttp.BuildableClient
	endpoints              []string
	kept                   map[slot]keptKey
}

type slot struct {
	tenant, agentID string
	wrapped         [sha256.Size]byte
}

type keptKey struct {
	dataKey []byte
	since   time.Time
}

// Everything stands in variables that Lambda sets, so nothing is looked for in profiles or on the network.
func newVault() *vault {
	region := os.Getenv("AWS_REGION")
	identity := aws.Credentials{
		AccessKeyID:     os.Getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    os.Getenv("AWS_SESSION_TOKEN"),
	}
	provider := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return identity, nil })
	client := awshttp.NewBuildableClient().
		WithTimeout(2 * time.Second).
		WithDialerOptions(func(dialer *net.Dialer) { dialer.Timeout = time.Second })
	tables, keys := os.Getenv("AWS_ENDPOINT_URL_DYNAMODB"), os.Getenv("AWS_ENDPOINT_URL_KMS")
	return &vault{
		table: os.Getenv("VAULT_TABLE"), logTable: os.Getenv("VAULT_LOG_TABLE"), keyID: os.Getenv("VAULT_KMS_KEY_ID"),
		dynamoDB: dynamodb.New(dynamodb.Options{
			Region: region, Credentials: provider, HTTPClient: client, BaseEndpoint: endpoint(tables),
		}),
		kms: kms.New(kms.Options{
			Region: region, Credentials: provider, HTTPClient: client, BaseEndpoint: endpoint(keys),
		}),
		http:      client,
		endpoints: []string{tables, keys},
		kept:      map[slot]keptKey{},
	}
}

func endpoint(url string) *string {
	if url == "" {
		return nil
	}
	return &url
}

// openConnections leaves a connection to each service for the first request; whatever comes of it is left unsaid.
func (v *vault) openConnections() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	var both sync.WaitGroup
	for _, url := range v.endpoints {
		both.Go(func() {
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
			if err != nil {
				return
			}
			if response, err := v.http.Do(request); err == nil {
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
			}
		})
	}
	both.Wait()
}

func (v *vault) get(ctx context.Context, key agentKey, label string, call *call) (*credential, error) {
	identity, item, uses, err := v.load(ctx, key.agentID, label, call)
	if err != nil {
		return nil, err
	}
	if !authenticated(key, identity, call.begun) {
		return nil, errUnauthorized
	}
	if !identity.has("scopes", "vault:read") {
		return nil, v.failed(ctx, call, problem{403, "forbidden", "missing scope: vault:read"}, "")
	}
	if item == nil {
		return nil, v.failed(ctx, call, problem{404, "not_found", "no such credential"}, "")
	}
	dataKey, err := v.dataKey(ctx, identity, key.agentID, call)
	if err != nil {
		return nil, err
	}
	found, err := opened(item, uses, dataKey, key.agentID, label, time.Now())
	if err != nil {
		return nil, v.failed(ctx, call, problemOf(err), item.text("id"))
	}
	return found, v.record(ctx, call, "success", "", found.CredentialID)
}

// failed puts on record what a proven caller was not given.
func (v *vault) failed(ctx context.Context, call *call, problem problem, credentialID string) error {
	status := "error"
	if problem.status == 403 {
		status = "denied"
	}
	if err := v.record(ctx, call, status, problem.code, credentialID); err != nil {
		return err
	}
	return problem
}

func authenticated(key agentKey, identity attributes, now time.Time) bool {
	if identity == nil || identity.text("pk") != "AGENT#"+key.agentID {
		return false
	}
	if key.matches(identity.bytes("keyHash")) {
		return true
	}
	return now.UnixMilli() < identity.number("previousKeyNotAfter") && key.matches(identity.bytes("previousKeyHash"))
}

// load reads identity, credential and its uses in one round trip.
func (v *vault) load(
	ctx context.Context, agentID, label string, call *call,
) (identity, item, uses attributes, err error) {
	partition := "AGENT#" + agentID
	asked := map[string]types.KeysAndAttributes{
		v.table: {
			ConsistentRead: aws.Bool(true),
			Keys: []map[string]types.AttributeValue{
				primaryKey(partition, "IDENTITY"), primaryKey(partition, "CREDENTIAL#"+label),
			},
		},
		v.logTable: {Keys: []map[string]types.AttributeValue{primaryKey("USES#"+agentID, label)}},
	}
	for attempt := 1; len(asked) > 0; attempt++ {
		if attempt > mostAttempts {
			return nil, nil, nil, unavailable("storage")
		}
		var response *dynamodb.BatchGetItemOutput
		err = call.stored(ctx, func(ctx context.Context) (err error) {
			response, err = v.dynamoDB.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: asked})
			return err
		})
		if err != nil {
			return nil, nil, nil, unavailable("storage")
		}
		for _, each := range response.Responses[v.table] {
			if strings.HasPrefix(attributes(each).text("sk"), "CREDENTIAL#") {
				item = each
			} else {
				identity = each
			}
		}
		for _, each := range response.Responses[v.logTable] {
			uses = each
		}
		asked = response.UnprocessedKeys
	}
	return identity, item, uses, nil
}

func primaryKey(partition, sort string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"pk": text(partition), "sk": text(sort)}
}

func text(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }

// dataKey unwraps the identity's, or finds it among those that were unwrapped a while ago.
func (v *vault) dataKey(ctx context.Context, identity attributes, agentID string, call *call) ([]byte, error) {
	wrapped, now := identity.bytes("wrappedDataKey"), time.Now()
	if len(wrapped) == 0 || len(wrapped) > 6144 {
		return nil, errTampered
	}
	for slot, each := range v.kept {
		if now.Sub(each.since) >= keysKeptFor {
			clear(each.dataKey)
			delete(v.kept, slot)
		}
	}
	slot := slot{identity.text("tenant"), agentID, sha256.Sum256(wrapped)}
	if kept, there := v.kept[slot]; there {
		return kept.dataKey, nil
	}
	limited, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	unwrapped, err := v.kms.Decrypt(limited, &kms.DecryptInput{
		KeyId:             &v.keyID,
		CiphertextBlob:    wrapped,
		EncryptionContext: map[string]string{"tenant": slot.tenant, "identity": agentID},
	})
	call.keyServiceCalls++
	call.keyService += time.Since(now)
	if err != nil {
		return nil, unavailable("key service")
	}
	named := aws.ToString(unwrapped.KeyId)
	if len(unwrapped.Plaintext) != 32 || (named != v.keyID && !strings.HasSuffix(named, ":key/"+v.keyID)) {
		return nil, errTampered
	}
	v.kept[slot] = keptKey{unwrapped.Plaintext, now}
	return unwrapped.Plaintext, nil
}

// record is durable when this returns.
func (v *vault) record(ctx context.Context, call *call, status, problem, credentialID string) error {
	now := time.Now().Truncate(time.Millisecond)
	at := *written(now)
	key := at + "#" + call.requestID + "#" + strconv.Itoa(call.storageCalls)
	keptUntil := now.Add(retention).Unix()
	line, err := encode(struct {
		Agent        string `json:"agent"`
		ID           string `json:"id"`
		At           string `json:"at"`
		Action       string `json:"action"`
		Label        string `json:"label"`
		Actor        string `json:"actor"`
		Way          string `json:"way"`
		Status       string `json:"status"`
		Problem      string `json:"problem,omitempty"`
		CredentialID string `json:"credentialId,omitempty"`
		DurationMs   int64  `json:"durationMs"`
		RequestID    string `json:"requestId"`
		KeptUntil    int64  `json:"keptUntil"`
	}{
		call.agent, key, at, "vault.get", call.label, keyPrefix + call.agent, "http", status, problem, credentialID,
		now.Sub(call.begun).Milliseconds(), call.requestID, keptUntil,
	})
	if err != nil {
		return err
	}
	item := primaryKey("LOG#"+call.agent, key)
	item["record"] = text(string(line))
	item["ttl"] = &types.AttributeValueMemberN{Value: strconv.FormatInt(keptUntil, 10)}
	err = call.stored(ctx, func(ctx context.Context) error {
		_, err := v.dynamoDB.PutItem(ctx, &dynamodb.PutItemInput{
			TableName: &v.logTable, Item: item, ConditionExpression: aws.String("attribute_not_exists(pk)"),
			ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		})
		return err
	})
	var stands *types.ConditionalCheckFailedException
	if errors.As(err, &stands) {
		if !reflect.DeepEqual(stands.Item, item) { // if it is ours, it is that of a try whose answer was lost
			return errInternal
		}
		return nil
	}
	if err != nil {
		return unavailable("storage")
	}
	return nil
}

func unavailable(service string) error {
	return problem{503, "unavailable", fmt.Sprintf("the %s is not available", service)}
}

// stored makes a call to the store, timed and limited.
func (c *call) stored(ctx context.Context, do func(context.Context) error) error {
	limited, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	begun := time.Now()
	err := do(limited)
	c.storageCalls++
	c.storage += time.Since(begun)
	return err
}
