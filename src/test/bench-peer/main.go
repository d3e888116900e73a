// The Go function that scripts/bench measures beside the vault's: for GET /v0/vault/{label} it makes the same
// checks, the same calls to DynamoDB and KMS, the same record before the answer, and the same answer. Of
// everything else the vault can do it knows nothing: what it meets of that, it refuses. It never ships.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
)

// event is a request as an HTTP API delivers it, payload format 2.0.
type event struct {
	RouteKey       string            `json:"routeKey"`
	RawPath        string            `json:"rawPath"`
	RawQueryString string            `json:"rawQueryString"`
	Headers        map[string]string `json:"headers"`
	RequestContext struct {
		RequestID string `json:"requestId"`
		HTTP      struct {
			Method string `json:"method"`
		} `json:"http"`
	} `json:"requestContext"`
}

// answer is what an HTTP API takes, payload format 2.0.
type answer struct {
	StatusCode      int               `json:"statusCode"`
	Headers         map[string]string `json:"headers"`
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
}

func main() {
	function := &function{vault: newVault(), cold: true}
	if os.Getenv("PEER_OPENS_CONNECTIONS") == "true" {
		function.vault.openConnections()
	}
	lambda.Start(function.handle)
}

type function struct {
	vault *vault
	cold  bool
}

func (f *function) handle(ctx context.Context, request event) (answer, error) {
	begun := time.Now()
	call := &call{requestID: request.RequestContext.RequestID, begun: begun}
	status := 200
	headers := map[string]string{"cache-control": "no-store", "content-type": "application/json"}
	var body any
	found, err := f.get(ctx, request, call)
	if err != nil {
		problem := problemOf(err)
		status = problem.status
		body = map[string]any{
			"error": problem.code, "message": problem.message, "status": status, "requestId": call.requestID,
		}
	} else {
		headers["etag"] = found.etag()
		body = found
	}
	text, err := encode(body)
	if err != nil {
		return answer{}, err
	}
	f.log(call, status)
	return answer{StatusCode: status, Headers: headers, Body: string(text)}, nil
}

func (f *function) get(ctx context.Context, request event, call *call) (*credential, error) {
	label, err := labelOf(request)
	if err != nil {
		return nil, err
	}
	key, err := parseAgentKey(bearerOf(request.Headers))
	if err != nil {
		return nil, err
	}
	call.agent, call.label = key.agentID, label
	return f.vault.get(ctx, key, label, call)
}

func labelOf(request event) (string, error) {
	label, isVault := strings.CutPrefix(request.RawPath, "/v0/vault/")
	if !isVault || request.RouteKey != "$default" || request.RequestContext.HTTP.Method != "GET" ||
		strings.Contains(label, "/") {
		return "", problem{404, "not_found", "no such route"}
	}
	if request.RawQueryString != "" {
		return "", problem{400, "bad_request", "query: must be left out: this call takes none"}
	}
	if !isLabel(label) {
		return "", problem{400, "bad_request", "label: breaks the rule of labels"}
	}
	return label, nil
}

func isLabel(text string) bool {
	if text == "" || len(text) > 128 || text == "." || text == ".." || text[0] == ' ' || text[len(text)-1] == ' ' {
		return false
	}
	for _, c := range text {
		if c < ' ' || c > '~' || strings.ContainsRune(`/\%#?`, c) {
			return false
		}
	}
	return true
}

func bearerOf(headers map[string]string) string {
	for name, value := range headers {
		if strings.EqualFold(name, "authorization") && len(value) > 7 && strings.EqualFold(value[:7], "bearer ") {
			return strings.TrimSpace(value[7:])
		}
	}
	return ""
}

// log writes the line of the request, with what the vault's own has.
func (f *function) log(call *call, status int) {
	now := time.Now()
	line, _ := encode(map[string]any{
		"function": "peer", "gatewayRequestId": call.requestID, "coldStart": f.cold, "agent": call.agent,
		"operation": "vault.get", "outcome": status, "durationMs": milliseconds(now.Sub(call.begun)),
		"storageCalls": call.storageCalls, "storageMs": milliseconds(call.storage),
		"keyServiceCalls": call.keyServiceCalls, "keyServiceMs": milliseconds(call.keyService),
		"_aws": map[string]any{
			"Timestamp": now.UnixMilli(),
			"CloudWatchMetrics": []any{map[string]any{
				"Namespace": "AgentVault", "Dimensions": [][]string{{"operation", "outcome"}},
				"Metrics": []any{map[string]string{"Name": "durationMs", "Unit": "Milliseconds"}},
			}},
		},
	})
	f.cold = false
	os.Stdout.Write(append(line, '\n'))
}

func milliseconds(duration time.Duration) float64 {
	return float64(duration.Microseconds()) / 1000
}

// encode is json.Marshal without its escapes for HTML.
func encode(value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), err
}

// problem is a failure with a meaning, as the vault answers it.
type problem struct {
	status  int
	code    string
	message string
}

func (p problem) Error() string { return p.code }

var (
	errUnauthorized = problem{401, "unauthorized", "the credential is missing or not valid"}
	errTampered     = problem{500, "internal", "the stored credential does not verify"}
	errInternal     = problem{500, "internal", "this function failed"}
)

func problemOf(err error) problem {
	var known problem
	if errors.As(err, &known) {
		return known
	}
	return errInternal
}
