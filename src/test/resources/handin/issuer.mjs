// An OpenID Connect issuer that is not ours: oidc-provider of npm, with its own login pages.
// Usage: node issuer.mjs NODE_MODULES PORT CLIENT_ID REDIRECT_URI
import { pathToFileURL } from "node:url";

const [modules, port, clientId, redirectUri] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(`${modules}/oidc-provider/lib/index.js`).href);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: clientId,
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  features: { devInteractions: { enabled: true } },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
process.stdin.on("end", () => process.exit(0)).resume();
