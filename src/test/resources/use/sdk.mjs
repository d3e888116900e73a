// Unmodified SDKs of Node do their main call at a base URL. Fails where one can't.
// Usage: node sdk.mjs BASE KEY     BASE holds {label}; packages come from NODE_PATH's directory.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import assert from "node:assert";

const [base, key] = process.argv.slice(2);
const at = (label) => base.replace("{label}", label);
const from = createRequire(process.env.NODE_PATH + "/");
const load = async (name) => {
  try {
    return await import(pathToFileURL(from.resolve(name)).href);
  } catch (error) {
    // a package that is ESM only has no entry for require
    const { exports } = from(process.env.NODE_PATH + `/${name}/package.json`);
    const entry = exports["."].import ?? exports["."].default ?? exports["."];
    return await import(
      pathToFileURL(`${process.env.NODE_PATH}/${name}/${entry.default ?? entry}`).href);
  }
};

const OpenAI = (await load("openai")).default;
const said = await new OpenAI({ baseURL: at("openai") + "/v1", apiKey: key, maxRetries: 0 })
  .chat.completions.create({ model: "m", messages: [{ role: "user", content: "hi" }] });
assert.equal(said.choices[0].message.content, "hello");
console.log("openai ok");

const Anthropic = (await load("@anthropic-ai/sdk")).default;
const message = await new Anthropic({ baseURL: at("anthropic"), apiKey: key, maxRetries: 0 })
  .messages.create({ model: "m", max_tokens: 9, messages: [{ role: "user", content: "hi" }] });
assert.equal(message.content[0].text, "hello");
console.log("anthropic ok");

const { Octokit } = await load("@octokit/rest");
const repo = await new Octokit({ baseUrl: at("github"), auth: key })
  .rest.repos.get({ owner: "acme", repo: "site" });
assert.equal(repo.data.full_name, "acme/site");
console.log("octokit ok");

const { WebClient } = await load("@slack/web-api");
const team = await new WebClient(key, {
  slackApiUrl: at("slack") + "/api/", retryConfig: { retries: 0 },
}).auth.test();
assert.equal(team.team, "acme");
console.log("slack ok");

// stripe takes host, port and protocol, and no base path: its own HTTP client adds one
const Stripe = (await load("stripe")).default;
const root = new URL(at("stripe"));
const fetchAt = (url, init) => {
  const asked = new URL(url);
  return fetch(root.origin + root.pathname.replace(/\/$/, "") + asked.pathname + asked.search, init);
};
const customer = await new Stripe(key, {
  httpClient: Stripe.createFetchHttpClient(fetchAt), maxNetworkRetries: 0,
  host: root.hostname, port: root.port, protocol: root.protocol.replace(":", ""),
}).customers.create({ email: "a@example.com" });
assert.equal(customer.id, "cus_1");
console.log("stripe ok");
