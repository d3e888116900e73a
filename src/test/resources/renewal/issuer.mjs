// An authorization server that is not ours: oidc-provider of npm. Refresh tokens rotate, and one that is used
// twice ends its grant. GET /consent?client=ID answers the first refresh token of a new grant, as a human's
// consent would.
// Usage: node issuer.mjs NODE_MODULES PORT ACCESS_TOKEN_SECONDS JWK
import { pathToFileURL } from "node:url";

const [modules, port, seconds, jwk] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(`${modules}/oidc-provider/lib/index.js`).href);
const lifetime = Number(seconds);
const client = (id, method, more = {}) => ({
  client_id: id,
  token_endpoint_auth_method: method,
  ...(method.startsWith("client_secret") ? { client_secret: `s+e/c=r:e&t % of ${id}` } : {}),
  redirect_uris: ["http://127.0.0.1:9/none"],
  grant_types: ["authorization_code", "refresh_token", ...(method === "none" ? [] : ["client_credentials"])],
  response_types: ["code"],
  ...more,
});
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    client("basic: a client", "client_secret_basic"),
    client("post", "client_secret_post"),
    client("none", "none"),
    client("private_key_jwt", "private_key_jwt", {
      jwks: { keys: [JSON.parse(jwk)] },
      token_endpoint_auth_signing_alg: "ES256",
    }),
  ],
  scopes: ["openid", "offline_access", "mail"],
  rotateRefreshToken: true,
  ttl: { AccessToken: lifetime, ClientCredentials: lifetime, RefreshToken: 86400, Grant: 86400 },
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (ctx, resource) => ({
        scope: "mail calendar",
        audience: resource,
        accessTokenFormat: "jwt",
        accessTokenTTL: lifetime,
      }),
    },
  },
});
provider.use(async (ctx, next) => {
  if (ctx.path !== "/consent") {
    return next();
  }
  const found = await provider.Client.find(ctx.query.client);
  const grant = new provider.Grant({ accountId: "alice", clientId: found.clientId });
  grant.addOIDCScope("openid offline_access mail");
  const grantId = await grant.save();
  const scope = "openid offline_access mail";
  ctx.body = await new provider.RefreshToken({
    accountId: "alice", client: found, grantId, gty: "authorization_code", scope,
  }).save();
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
process.stdin.on("end", () => process.exit(0)).resume();
