// The official TypeScript client, either generation. Usage: node typescript.mjs URL legacy|auto|2026-07-28 NODE_MODULES
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [url, mode, modules] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(`${modules}/@modelcontextprotocol/${path}`).href);
const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const line = async () => (await input.next()).value;
const say = (what) => console.log(JSON.stringify(what));

async function first() {
  const { Client } = await load("sdk/dist/esm/client/index.js");
  const { StreamableHTTPClientTransport } = await load("sdk/dist/esm/client/streamableHttp.js");
  const { ElicitRequestSchema } = await load("sdk/dist/esm/types.js");
  return { Client, Transport: StreamableHTTPClientTransport, elicitation: ElicitRequestSchema, options: {} };
}
async function second() {
  const { Client, StreamableHTTPClientTransport } = await load("client/dist/index.mjs");
  const versions = mode === "auto" || mode === "legacy" ? mode : { pin: mode };
  return {
    Client,
    Transport: StreamableHTTPClientTransport,
    elicitation: "elicitation/create",
    options: { versionNegotiation: { mode: versions } },
  };
}

const { Client, Transport, elicitation, options } = modules.includes("typescript-1") ? await first() : await second();
const client = new Client(
  { name: "official-typescript", version: "1" },
  { capabilities: { elicitation: { form: {}, url: {} } }, ...options },
);
client.setRequestHandler(elicitation, async ({ params }) => {
  say({ page: params.url, message: params.message });
  return { action: await line() };
});
const transport = new Transport(new URL(url), {
  requestInit: { headers: { Authorization: `Bearer ${process.env.VAULT_KEY}` } },
});
await client.connect(transport);
say({ version: client.getNegotiatedProtocolVersion?.() ?? transport.protocolVersion });
say({ tools: (await client.listTools()).tools.map((tool) => tool.name) });
for (let next = await line(); next; next = await line()) say({ result: await client.callTool(JSON.parse(next)) });
await client.close();
process.exit(0);
