package io.agentvault.local;

import java.util.Locale;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.NotFoundException;

/** Finds the template's keys in a KMS by their aliases, and makes what is not there. */
final class KeySetup {
  static final String ALIAS = "alias/agent-vault-local";

  /** The one that {@code template.yaml} has; a template with more gets an alias for each. */
  private static final String USUAL_LOGICAL_ID = "Key";

  private static final int NOT_IMPLEMENTED = 501;

  private final KmsClient kms;

  KeySetup(KmsClient kms) {
    this.kms = kms;
  }

  Services.Key ensure(String logicalId, String spec) {
    String alias = alias(logicalId);
    KeyMetadata key;
    try {
      key = kms.describeKey(request -> request.keyId(alias)).keyMetadata();
    } catch (NotFoundException e) {
      key = create(alias, spec);
    }
    return new Services.Key(key.keyId(), key.arn());
  }

  private static String alias(String logicalId) {
    return logicalId.equals(USUAL_LOGICAL_ID)
        ? ALIAS
        : ALIAS + "-" + logicalId.toLowerCase(Locale.ROOT);
  }

  private KeyMetadata create(String alias, String spec) {
    KeySpec kind = KeySpec.fromValue(spec);
    KeyUsageType usage =
        kind == KeySpec.SYMMETRIC_DEFAULT ? KeyUsageType.ENCRYPT_DECRYPT : KeyUsageType.SIGN_VERIFY;
    KeyMetadata key =
        kms.createKey(request -> request.description(alias).keySpec(kind).keyUsage(usage))
            .keyMetadata();
    try {
      kms.createAlias(request -> request.aliasName(alias).targetKeyId(key.keyId()));
    } catch (KmsException e) {
      // A stand-in for KMS may do without aliases: then the key serves this start only.
      if (e.statusCode() != NOT_IMPLEMENTED) {
        throw e;
      }
    }
    return key;
  }
}
