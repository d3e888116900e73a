package io.agentvault.soak;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentvault.totp.Otp;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** One identity as one agent uses it, and what it must find there. */
final class SoakAgent {
  private static final int LABELS = 12;
  private static final int BACKUP_CODES = 5;
  private static final String SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
  private static final String COUNTER_URI = "otpauth://hotp/soak?secret=" + SEED + "&counter=0";

  private final Wire wire;
  private final Violations violations;
  private final Random random;
  private final String id;
  private String key;
  private final Map<String, Possible> labels = new TreeMap<>();
  private final Set<String> usedBackupCodes = new HashSet<>();
  private final Otp.Hotp counter = (Otp.Hotp) Otp.parse("soak", COUNTER_URI);
  private boolean counterStored;
  private long nextCounter;
  private long countersMaybeSkipped;
  private int writes;
  private int backupGeneration;
  private boolean backupStored;

  SoakAgent(Wire wire, Violations violations, Random random, String id, String key) {
    this.wire = wire;
    this.violations = violations;
    this.random = random;
    this.id = id;
    this.key = key;
  }

  String id() {
    return id;
  }

  String key() {
    return key;
  }

  /** Does one thing, chosen by chance. */
  void step() {
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> store();
      case 4, 5, 6, 7, 8, 9 -> read();
      case 10 -> delete();
      case 11, 12 -> list();
      case 13, 14 -> countedCode();
      case 15, 16 -> backupCode();
      case 17 -> whoami();
      case 18 -> timedCode();
      default -> absent();
    }
  }

  private String label() {
    return "label-" + random.nextInt(LABELS);
  }

  private Possible possible(String label) {
    return labels.computeIfAbsent(label, each -> new Possible());
  }

  private void wrong(String what, Wire.Got got) {
    violations.add(id + ": " + what + " answered " + got.status() + " " + got.body());
  }

  private void store() {
    String label = label();
    String value = "value-" + ++writes + "-" + "x".repeat(random.nextInt(2_000));
    Wire.Got got =
        wire.vault(
            "store",
            "PUT",
            "/" + label,
            key,
            "{\"type\":\"LOGIN\",\"data\":{\"username\":\"u\",\"password\":\"" + value + "\"}}");
    if (got.isUnknown()) {
      possible(label).maybe(value);
    } else if (got.status() == 200) {
      possible(label).is(value);
    } else {
      wrong("store", got);
    }
  }

  private void read() {
    String label = label();
    Wire.Got got = wire.vault("get", "GET", "/" + label, key, "");
    if (got.status() == 200) {
      String value = got.json().path("data").path("password").asText();
      violations.require(
          possible(label).read(value),
          id + ": " + label + " holds " + head(value) + ", not expected");
    } else if (got.status() == 404) {
      violations.require(possible(label).read(Possible.NONE), id + ": " + label + " is lost");
    } else if (!got.isUnknown()) {
      wrong("get", got);
    }
  }

  private static String head(String value) {
    return value.substring(0, Math.min(16, value.length()));
  }

  private void delete() {
    String label = label();
    Wire.Got got = wire.vault("delete", "DELETE", "/" + label, key, "");
    if (got.isUnknown()) {
      possible(label).maybe(Possible.NONE);
    } else if (got.status() == 200) {
      possible(label).is(Possible.NONE);
    } else if (got.status() == 404) {
      violations.require(possible(label).read(Possible.NONE), id + ": " + label + " is lost");
    } else {
      wrong("delete", got);
    }
  }

  /** Every credential that must be there is, and none that must not be. */
  void list() {
    Wire.Got got = wire.vault("list", "GET", "", key, "");
    if (got.isUnknown()) {
      return;
    }
    if (got.status() != 200) {
      wrong("list", got);
      return;
    }
    Set<String> listed = new HashSet<>();
    got.json().path("credentials").forEach(each -> listed.add(each.path("name").asText()));
    for (Map.Entry<String, Possible> each : labels.entrySet()) {
      boolean there = listed.contains(each.getKey());
      violations.require(
          there || !each.getValue().mustBeThere(), id + ": " + each.getKey() + " is not listed");
      violations.require(
          !there || each.getValue().mayBeThere(), id + ": " + each.getKey() + " is resurrected");
    }
  }

  private void countedCode() {
    if (!counterStored) {
      String body = "{\"type\":\"TOTP\",\"data\":{\"otpauth\":\"" + COUNTER_URI + "\"}}";
      counterStored = wire.vault("store", "PUT", "/counter", key, body).status() == 200;
      return;
    }
    Wire.Got got = wire.vault("totp, counter", "POST", "/counter/totp", key, "");
    if (got.isUnknown()) {
      countersMaybeSkipped++;
    } else if (got.status() == 200) {
      String code = got.json().path("code").asText();
      long at = nextCounter;
      while (at <= nextCounter + countersMaybeSkipped && !counter.at(at).code().equals(code)) {
        at++;
      }
      violations.require(
          at <= nextCounter + countersMaybeSkipped,
          id + ": a counter's code twice or from nowhere");
      countersMaybeSkipped -= at - nextCounter;
      nextCounter = at + 1;
    } else {
      wrong("totp, counter", got);
    }
  }

  private void backupCode() {
    if (!backupStored) {
      StringBuilder codes = new StringBuilder();
      backupGeneration++;
      for (int i = 0; i < BACKUP_CODES; i++) {
        codes
            .append(i == 0 ? "" : ",")
            .append('"')
            .append(backupGeneration)
            .append('-')
            .append(i)
            .append('"');
      }
      String body =
          "{\"type\":\"TOTP\",\"data\":{\"secret\":\""
              + SEED
              + "\",\"backupCodes\":["
              + codes
              + "]}}";
      backupStored = wire.vault("store", "PUT", "/backup", key, body).status() == 200;
      return;
    }
    Wire.Got got = wire.vault("backup code", "POST", "/backup/totp/backup", key, "");
    if (got.status() == 200) {
      String code = got.json().path("code").asText();
      violations.require(usedBackupCodes.add(code), id + ": backup code twice");
      violations.require(
          code.startsWith(backupGeneration + "-"), id + ": backup code of another time");
    } else if (got.status() == 400) {
      backupStored = false; // all used: store new ones next time
    } else if (!got.isUnknown()) {
      wrong("backup code", got);
    }
  }

  private void timedCode() {
    if (backupStored) {
      Wire.Got got = wire.vault("totp", "GET", "/backup/totp", key, "");
      if (!got.isUnknown()) {
        violations.require(
            got.status() == 200 && got.json().path("code").asText().matches("\\d{6}"),
            id + ": no code, " + got.status());
      }
    }
  }

  private void whoami() {
    Wire.Got got = wire.send("whoami", "GET", "/v0/whoami", key, "");
    if (!got.isUnknown()) {
      violations.require(
          got.status() == 200 && got.json().path("identityId").asText().equals(id),
          id + ": whoami answered " + got.status());
    }
  }

  private void absent() {
    Wire.Got got = wire.vault("get", "GET", "/never-stored", key, "");
    violations.require(got.isUnknown() || got.status() == 404, id + ": " + got.status());
  }

  /** A new key, tried until it is known; then the key before it must be dead. */
  void rotate(String operator) {
    String before = key;
    Wire.Got got =
        wire.untilKnown(
            "rotate key", "POST", "/v0/platform/identities/" + id + "/rotate-key", operator, "{}");
    if (got.status() != 200) {
      wrong("rotate key", got);
      return;
    }
    key = got.json().path("rawKey").asText();
    requireDead(before, "the rotated key");
  }

  /** Revoked; from the answer on, nothing of it works. */
  void revoke(String operator) {
    Wire.Got got =
        wire.untilKnown("revoke", "DELETE", "/v0/platform/identities/" + id, operator, "");
    if (got.status() != 200) {
      wrong("revoke", got);
      return;
    }
    JsonNode receipt = got.json();
    violations.require(
        receipt.path("keyDestroyed").asBoolean(), id + ": receipt without destruction");
    requireDead(key, "the revoked key");
  }

  /** A key that must open nothing, whatever is asked. */
  void requireDead(String dead, String what) {
    for (String path :
        List.of("/v0/whoami", "/v0/vault", "/v0/vault/label-0", "/v0/vault/counter/totp")) {
      Wire.Got got = wire.send("dead key", "GET", path, dead, "");
      violations.require(
          got.isUnknown() || got.status() == 401, id + ": " + what + " got " + got.status());
    }
    Wire.Got late =
        wire.vault(
            "dead key", "PUT", "/late", dead, "{\"type\":\"CUSTOM\",\"data\":{\"a\":\"b\"}}");
    violations.require(late.isUnknown() || late.status() == 401, id + ": " + what + " wrote");
  }

  /** Everything once more, with nothing going wrong any more. */
  void checkAll() {
    for (String label : labels.keySet()) {
      Wire.Got got = wire.vault("get", "GET", "/" + label, key, "");
      String value =
          got.status() == 404 ? Possible.NONE : got.json().path("data").path("password").asText();
      violations.require(
          got.status() == 200 || got.status() == 404, id + ": at the end " + got.status());
      violations.require(
          possible(label).read(value), id + ": " + label + " at the end is " + head(value));
    }
    list();
  }
}
