package io.agentvault.lambda;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/**
 * Everything that can be set, each from an environment variable: {@code VAULT_TABLE} and so on.
 * What a function does not use, it does not read.
 */
@ConfigMapping(prefix = "vault")
public interface VaultConfig {
  /** The table's name. All three functions. */
  String table();

  /** The name of the records' table. All three functions. */
  String logTable();

  /** How many days records are kept. All three functions. */
  @WithDefault("90")
  int retentionDays();

  /**
   * {@code durable}: a read is answered only when its record is written; {@code line}: it leaves a
   * line in the request log instead. Functions {@code vault} and {@code broker}.
   */
  @WithDefault("durable")
  String recordReads();

  /** The deployment's name, a dimension of its metrics. All three functions. */
  Optional<String> stage();

  /**
   * How long after its last use a kept connection to DynamoDB or KMS is used again without asking
   * whether it is still open, in seconds; 0 asks each time. Native image only. All three functions.
   */
  @WithDefault("5")
  int trustConnectionSeconds();

  /** The KMS key's ARN or id. Functions {@code vault}, {@code broker} and {@code identity}. */
  Optional<String> kmsKeyId();

  /**
   * The ARN or id of the KMS key that signs receipts and checkpoints. Functions {@code broker},
   * {@code identity} and {@code scribe}.
   */
  Optional<String> signingKeyId();

  /**
   * The public halves of keys that signed before, as JWKS JSON, published beside that of the one
   * that signs now. Function {@code broker}.
   */
  Optional<String> formerSigningKeys();

  /**
   * How long an unwrapped data key is kept, in seconds; 0 keeps none. Functions {@code vault} and
   * {@code broker}.
   */
  @WithDefault("300")
  int dataKeyCacheTtl();

  /** How many credentials a vault may hold. Functions {@code vault} and {@code broker}. */
  @WithDefault("10000")
  long quotaCredentials();

  /** How many bytes may be sealed in them. Functions {@code vault} and {@code broker}. */
  @WithDefault("67108864")
  long quotaBytes();

  /** Whether labels are logged. Functions {@code vault} and {@code broker}. */
  @WithDefault("false")
  boolean logLabels();

  /**
   * The {@code iss} of operator tokens, and where depositors sign in. Functions {@code identity}
   * and {@code broker}.
   */
  Optional<String> operatorIssuer();

  /** The {@code aud} of operator tokens. Function {@code identity}. */
  @WithDefault("agent-vault")
  String operatorAudience();

  /** The public keys of operator tokens as JWKS JSON. Function {@code identity}. */
  Optional<String> operatorJwks();

  /** Or where they are published. Function {@code identity}. */
  Optional<String> operatorJwksUrl();

  /**
   * The longest lifetime of an operator token, {@code exp} less {@code iat}, in seconds.
   *
   * <p>Function {@code identity}.
   */
  @WithDefault("43200")
  long operatorTokenMaxSeconds();

  /**
   * Whether operators of several organisations share this deployment: then nobody is of a default
   * tenant. Function {@code identity}.
   */
  @WithDefault("false")
  boolean multiTenant();

  /** How many days point-in-time recovery reaches back; 0 is off. Function {@code identity}. */
  @WithDefault("0")
  int recoveryDays();

  /**
   * What the deployment is called from outside, such as {@code https://vault.example.com}: where
   * the links of deposits go, an operator's too. Without it they go to the name under which a
   * request came. Functions {@code broker} and {@code identity}.
   */
  Optional<String> publicUrl();

  /**
   * The public client of the operators' issuer by which humans sign in before they hand in a
   * secret; without it they don't. Function {@code broker}.
   */
  Optional<String> depositClientId();

  /**
   * Origins of web pages that may call {@code /mcp} besides the deployment's own, such as {@code
   * https://console.example.com}. Function {@code broker}.
   */
  Optional<List<String>> allowedOrigins();

  /**
   * Host patterns that no use policy goes beyond, such as {@code *.example.com}; none for all.
   * Functions {@code vault}, {@code broker} and {@code identity}.
   */
  Optional<List<String>> allowedUpstreams();

  /** Private address ranges that a use may reach, in CIDR notation. Function {@code broker}. */
  Optional<List<String>> privateRanges();

  /**
   * Upstreams on a developer's own machine, each {@code 127.0.0.1:PORT}: plain HTTP is spoken to
   * exactly these. No deployment sets it. Function {@code broker}.
   */
  Optional<List<String>> localUpstreams();

  /**
   * When the table that a restore left behind, and the backup that DynamoDB makes of a deleted one,
   * are gone: a date-time with offset, or {@code unknown} until its deletion is fixed, which
   * receipts show as the end of the year 9999. Absent without such a table.
   *
   * <p>Function {@code identity}.
   */
  Optional<String> oldTableUntil();
}
