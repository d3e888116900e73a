package io.agentvault.threats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentvault.threats.Echo.Framing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A holder that means harm, with credentials that it may use and not read: whatever it asks, in
 * whatever order, by whatever way in, over an upstream that repeats all that it is given, no secret
 * of theirs is in any answer. {@code -Dvault.model.steps} makes it longer, {@code
 * -Dvault.model.seed} repeats one.
 */
final class UseModelIT {
  private static final int STEPS = Integer.getInteger("vault.model.steps", 120);
  private static final long SEED = Long.getLong("vault.model.seed", System.nanoTime());
  private static final UseBench BENCH = new UseBench("model");

  @AfterAll
  static void stop() {
    BENCH.close();
  }

  private final Map<String, String> secrets = new LinkedHashMap<>();
  private final List<String> bearers = new ArrayList<>();
  private final List<String> labels =
      new ArrayList<>(List.of("api", "login", "custom", "oauth", "fetched", "aws", "new", "none"));
  private final List<String> deposits = new ArrayList<>();
  private Agent agent = BENCH.agent;
  private Random random = new Random(0);

  @ParameterizedTest
  @CsvSource({
    "'vault:use'",
    "'vault:use,vault:totp'",
    "'vault:use,vault:write'",
    "'vault:use,vault:write,vault:read,vault:totp'"
  })
  void noSequenceOfCallsMakesASecretAppear(String scopes) {
    random = new Random(SEED);
    agent = BENCH.gate.agent();
    fill();
    narrow(Set.of(scopes.split(",", -1)));
    bearers.add(agent.key());
    useEach();
    List<Map.Entry<String, Function<String, Reply>>> operations =
        List.copyOf(operations().entrySet());
    List<String> done = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      BENCH.next.set(this::upstream);
      var operation = pick(operations);
      done.add(operation.getKey());
      Reply reply = operation.getValue().apply(pick(labels));
      String shown = reply.headers().map() + "\n" + reply.body();
      secrets.forEach(
          (name, secret) ->
              assertThat(Echo.shows(shown, secret))
                  .as("%s after %s, seed %s", name, done, SEED)
                  .isFalse());
    }
  }

  /** Each credential works, so that there is something to leak. */
  private void useEach() {
    Map<String, String> sent =
        Map.of(
            "api", "api key",
            "login", "password",
            "custom", "custom",
            "oauth", "access token",
            "fetched", "fetched token");
    sent.forEach(
        (label, secret) -> {
          BENCH.forget();
          BENCH.next.set(this::upstream);
          Reply reply = send("GET", "/v0/proxy/" + label + "/x/a", "");
          assertThat(reply.status()).as(label + reply.body()).isEqualTo(200);
          assertThat(Echo.shows(BENCH.upstream.requests().getLast(), text(secret)))
              .as("%s is put in", secret)
              .isTrue();
        });
    assertThat(send("GET", "/v0/proxy/aws/x/a", "").status()).isEqualTo(200);
  }

  private void fill() {
    String allow = "'allow':[{'host':'" + BENCH.upstream.place() + "','paths':['/x/**']}]";
    secret("api key", "canary-api-\"k/ey+0123");
    secret("password", "canary-pass%word&0123");
    secret("custom", "canary custom ~ 0123=");
    secret("access token", "canary-access-0123");
    secret("fetched token", "canary-fetched-0123");
    secret("refresh token", "canary-refresh-0123");
    secret("client secret", "canary-client-0123");
    secret("AWS secret", "canaryAWSsecret/+0123456789");
    secret("seed", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    secret("backup code", "canary-backup-0123");
    store("api", "{'type':'API_KEY','data':{'key':VALUE},'use':{" + allow + "}}", "api key");
    store(
        "login",
        "{'type':'LOGIN','data':{'username':'ada','password':VALUE,'totp':'"
            + text("seed")
            + "','backupCodes':['"
            + text("backup code")
            + "']},'use':{"
            + allow
            + "}}",
        "password");
    store(
        "custom",
        "{'type':'CUSTOM','data':{'k':VALUE},'use':{"
            + allow
            + ",'as':{'type':'query','name':'k','field':'k'}}}",
        "custom");
    store(
        "oauth",
        "{'type':'OAUTH','data':{'accessToken':VALUE},'use':{" + allow + "}}",
        "access token");
    store(
        "fetched",
        "{'type':'OAUTH','data':{'tokenUrl':'http://"
            + BENCH.upstream.place()
            + "/token','clientId':'c','clientSecret':'"
            + text("client secret")
            + "','refreshToken':VALUE},'use':{"
            + allow
            + "}}",
        "refresh token");
    store(
        "aws",
        "{'type':'AWS','data':{'accessKeyId':'AKIDEXAMPLE','secretAccessKey':VALUE},'use':{"
            + allow
            + ",'as':{'type':'aws-sigv4','service':'execute-api','region':'eu-central-1'}}}",
        "AWS secret");
  }

  private String text(String name) {
    return Objects.requireNonNull(secrets.get(name));
  }

  private void secret(String name, String text) {
    secrets.put(name, text);
  }

  private void store(String label, String json, String secret) {
    String quoted = Reply.MAPPER.valueToTree(text(secret)).toString();
    String body =
        json.replace('\'', '"')
            .replace("VALUE", quoted)
            .replace("\"use\":{", "\"use\":{\"reveal\":false,");
    Reply stored = BENCH.gate.store(agent, label, body);
    assertThat(stored.status()).as(label + stored.body()).isEqualTo(200);
  }

  /** Takes all other scopes from the agent. */
  private void narrow(Set<String> kept) {
    Set<String> gone =
        new HashSet<>(Set.of("vault:use", "vault:write", "vault:read", "vault:totp"));
    gone.removeAll(kept);
    ObjectNode body = Reply.MAPPER.createObjectNode();
    gone.forEach(body.putArray("removeScopes")::add);
    Reply reply =
        BENCH.gate.send(
            "PATCH",
            "/v0/platform/identities/" + agent.id(),
            BENCH.gate.operator(agent.tenant()),
            body.toString());
    assertThat(reply.json().path("scopes")).hasSize(kept.size());
  }

  /** Hands out access tokens at one place, repeats everything at all others. */
  private void upstream(java.net.Socket socket, String sent)
      throws java.io.IOException, InterruptedException {
    if (sent.startsWith("POST /token ")) {
      String body =
          "{\"access_token\":\"%s\",\"expires_in\":%d,\"refresh_token\":\"%s\"}"
              .formatted(
                  text("fetched token"), random.nextBoolean() ? 3_600 : 1, text("refresh token"));
      socket
          .getOutputStream()
          .write(
              ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
                      + body)
                  .getBytes(ISO_8859_1));
      return;
    }
    Echo.as(pick(List.of(Framing.values()))).run(socket, sent);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private Reply send(String method, String path, String body) {
    return BENCH.gate.send(method, path, pick(bearers), body.replace('\'', '"'));
  }

  private Reply direct(String action, String label, String more) {
    String event =
        "{'action':'%s','key':'%s','label':'%s'%s}".formatted(action, pick(bearers), label, more);
    boolean broker = Set.of("vault.use", "vault.token", "vault.requestDeposit").contains(action);
    return BENCH.gate.direct(broker ? "broker" : "vault", event.replace('\'', '"'));
  }

  private String url() {
    return "http://" + BENCH.upstream.place() + pick(List.of("/x/a", "/x/a?b=c", "/token", "/y"));
  }

  private Map<String, Function<String, Reply>> operations() {
    Map<String, Function<String, Reply>> all = new LinkedHashMap<>();
    all.put("whoami", label -> send("GET", "/v0/whoami", ""));
    all.put("list", label -> send("GET", "/v0/vault", ""));
    all.put("get", label -> send("GET", "/v0/vault/" + label, ""));
    all.put("totp", label -> send("GET", "/v0/vault/" + label + "/totp", ""));
    all.put("next code", label -> send("POST", "/v0/vault/" + label + "/totp", ""));
    all.put("backup code", label -> send("POST", "/v0/vault/" + label + "/totp/backup", ""));
    all.put("token", label -> send("GET", "/v0/vault/" + label + "/token", ""));
    for (String name : List.of("use", "use again")) {
      all.put(name, label -> send("POST", "/v0/vault/" + label + "/use", use()));
    }
    for (String method : List.of("GET", "POST")) {
      String name = method.equals("GET") ? "proxy" : "proxy POST";
      all.put(
          name,
          label ->
              send(method, "/v0/proxy/" + label + pick(List.of("/x/a", "/x/b?c=d", "/y")), ""));
    }
    all.put("store by placeholder", this::storeLoosely);
    all.put("delete", label -> send("DELETE", "/v0/vault/" + pick(List.of("new", "none")), ""));
    all.put("logs", label -> send("GET", "/v0/logs", ""));
    all.put("stats", label -> send("GET", "/v0/logs/stats", ""));
    all.put("keys", label -> send("GET", "/.well-known/jwks.json", ""));
    all.put("unknown", label -> send("GET", "/v0/vault/" + label + "/data", ""));
    all.put("create token", this::createToken);
    all.put("ask", this::ask);
    all.put("pending", label -> send("GET", "/v0/deposits", ""));
    all.put("withdraw", label -> onDeposit("DELETE", pick(bearers), ""));
    all.put("look", label -> onDeposit("GET", "", ""));
    all.put("redeem", label -> onDeposit("POST", "", "{'code':CODE,'data':{'key':'mine-0123'}}"));
    all.put("direct use", label -> direct("vault.use", label, "," + inner(use())));
    for (String action : List.of("get", "totp", "useBackupCode", "token", "list", "logs")) {
      all.put("direct " + action, label -> direct("vault." + action, label, ""));
    }
    for (String tool : TOOLS) {
      all.put(tool, label -> mcp(tool, label));
    }
    return all;
  }

  private static final List<String> TOOLS =
      List.of(
          "vault_list",
          "vault_use",
          "vault_totp",
          "vault_token",
          "vault_request_secret",
          "vault_store",
          "vault_use_backup_code",
          "vault_whoami",
          "vault_logs",
          "vault_get");

  private String use() {
    return "{'method':'"
        + pick(List.of("GET", "POST", "PUT"))
        + "','url':'"
        + url()
        + "','headers':{'X-Own':'1','Range':'bytes=0-3','Authorization':'mine'},'query':{'q':'a b'}}";
  }

  private static String inner(String object) {
    return object.substring(1, object.length() - 1);
  }

  /** A store that keeps the value and wants to read it, or to send it elsewhere. */
  private Reply storeLoosely(String label) {
    String use =
        pick(
            List.of(
                "null",
                "{'reveal':true}",
                "{'reveal':true,'allow':[{'host':'" + BENCH.upstream.place() + "'}]}",
                "{'reveal':false,'allow':[{'host':'" + BENCH.elsewhere.place() + "'}]}",
                "{'reveal':false,'allow':[{'host':'"
                    + BENCH.upstream.place()
                    + "','paths':['/x/**']}],'as':{'type':'header','name':'X-A','field':'key'}}"));
    String data =
        pick(
            List.of(
                "{'key':'[write-only]'}",
                "{'username':'[write-only]','password':'x'}",
                "{'username':'a','password':'[write-only]'}",
                "{'accessToken':'[write-only]'}",
                "{}"));
    String type = pick(List.of("API_KEY", "LOGIN", "CUSTOM", "OAUTH", "AWS"));
    return send(
        "PUT",
        "/v0/vault/" + label,
        "{'type':'" + type + "','data':" + data + ",'use':" + use + "}");
  }

  private Reply createToken(String label) {
    String body =
        pick(
            List.of(
                "{}",
                "{'labels':['" + label + "']}",
                "{'scopes':['vault:use']}",
                "{'labels':['*']}"));
    Reply reply = send("POST", "/v0/tokens", body);
    if (reply.status() == 201) {
      bearers.add(reply.json().path("token").asText());
    }
    return reply;
  }

  private Reply ask(String label) {
    String body =
        "{'label':'%s','replace':%s,'use':{'reveal':%s,'allow':[{'host':'%s'}]}}"
            .formatted(label, random.nextBoolean(), random.nextBoolean(), BENCH.upstream.place());
    Reply reply = send("POST", "/v0/deposits", body);
    if (reply.status() == 201) {
      JsonNode asked = reply.json();
      String url = asked.path("url").asText();
      deposits.add(
          asked.path("depositId").asText()
              + " "
              + url.substring(url.indexOf('#') + 1)
              + " "
              + asked.path("code"));
    }
    return reply;
  }

  /** By the bearer given, else by the deposit's own. */
  private Reply onDeposit(String method, String bearer, String body) {
    if (deposits.isEmpty()) {
      return send("GET", "/v0/deposits", "");
    }
    String[] deposit = pick(deposits).split(" ", 3);
    return BENCH.gate.send(
        method,
        "/v0/deposits/" + deposit[0],
        bearer.isEmpty() ? deposit[1] : bearer,
        body.replace('\'', '"').replace("CODE", deposit[2]));
  }

  private Reply mcp(String tool, String label) {
    String more =
        switch (tool) {
          case "vault_use" -> "," + inner(use());
          case "vault_request_secret" ->
              ",'use':{'allow':[{'host':'" + BENCH.upstream.place() + "'}]}";
          case "vault_store" -> ",'type':'API_KEY','data':{'key':'[write-only]'}";
          default -> "";
        };
    boolean needsNone = Set.of("vault_list", "vault_whoami", "vault_logs").contains(tool);
    String arguments = needsNone ? "{}" : "{'label':'" + label + "'" + more + "}";
    return send(
        "POST",
        "/mcp",
        "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':'"
            + tool
            + "','arguments':"
            + arguments
            + "}}");
  }
}
