// Stands between the conformance suite and the vault: puts the agent key in, which the suite can't be
// given, and one of our tools where the suite calls a tool of its reference server. All else passes as it is.
// Usage: VAULT_KEY=… node adapter.mjs SERVER_PORT; prints its own port.
import http from "node:http";

const MISSING = { name: "vault_use", arguments: { label: "not-there", method: "GET", url: "https://api.example.com/" } };
const STAND_INS = {
  test_simple_text: { name: "vault_whoami", arguments: {} },
  test_error_handling: { name: "vault_delete", arguments: { label: "not-there" } },
  test_input_required_result_elicitation: MISSING,
  test_input_required_result_request_state: MISSING,
  test_input_required_result_tampered_state: MISSING,
};
const CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
const target = Number(process.argv[2]);

function adapted(headers, body) {
  let message;
  try {
    message = JSON.parse(body);
  } catch {
    return body;
  }
  const standIn = message?.method === "tools/call" && STAND_INS[message.params?.name];
  if (!standIn) return body;
  Object.assign(message.params, standIn);
  if (headers["mcp-name"]) headers["mcp-name"] = standIn.name;
  // The suite's client says elicitation: {}, which is forms alone; our elicitations are of pages.
  const elicitation = message.params._meta?.[CAPABILITIES]?.elicitation;
  if (elicitation) elicitation.url = {};
  const text = Buffer.from(JSON.stringify(message));
  headers["content-length"] = text.length;
  return text;
}

const server = http.createServer(async (request, response) => {
  const headers = { ...request.headers, authorization: `Bearer ${process.env.VAULT_KEY}` };
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = adapted(headers, Buffer.concat(chunks));
  if (headers["transfer-encoding"]) {
    delete headers["transfer-encoding"];
    headers["content-length"] = body.length;
  }
  const onward = http.request(
    { host: "127.0.0.1", port: target, method: request.method, path: request.url, headers, setHost: false },
    (answer) => {
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    },
  );
  onward.on("error", () => response.destroy());
  onward.end(body);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
