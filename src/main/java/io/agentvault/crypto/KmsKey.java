package io.agentvault.crypto;

import io.agentvault.problem.Problem;
import io.agentvault.problem.Tampered;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;
import io.agentvault.remote.RemoteCalls;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KeyUnavailableException;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.LimitExceededException;
import software.amazon.awssdk.services.kms.model.NotFoundException;

/** The one KMS key of this vault: how it is reached, and what its refusals mean. */
final class KmsKey {
  static final String SERVICE = "key service";

  // What KMS accepts as a CiphertextBlob.
  static final int LONGEST_WRAPPED_BYTES = 6144;

  /** Someone has to enable the key or wait for KMS; a second is not worth waiting. */
  static final int KEY_STATE_RETRY_AFTER_SECONDS = 30;

  private final Supplier<KmsClient> source;
  private final String id;
  private @Nullable KmsClient client;

  KmsKey(Supplier<KmsClient> source, String id) {
    boolean alias = id.startsWith("alias/") || id.contains(":alias/");
    if (id.isBlank() || alias) {
      throw new IllegalArgumentException(
          "the KMS key must be named by its ARN or id, not an alias");
    }
    this.source = source;
    this.id = id;
  }

  String id() {
    return id;
  }

  /** Whether KMS, which always answers with the ARN, says that it used this key. */
  boolean isNamed(@Nullable String arn) {
    return arn != null && (arn.equals(id) || arn.endsWith(":key/" + id));
  }

  <T> T call(Deadline deadline, BiFunction<KmsClient, AwsRequestOverrideConfiguration, T> call) {
    return RemoteCalls.call(
        SERVICE, deadline, KmsKey::meaning, limits -> call.apply(client(), limits));
  }

  private synchronized KmsClient client() {
    if (client == null) {
      client = source.get();
    }
    return client;
  }

  /**
   * What a refusal means where the general rule of {@link RemoteCalls} does not say it.
   *
   * @see <a href="https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html">AWS KMS API
   *     Reference, Decrypt, Errors</a>
   */
  private static Optional<? extends Problem> meaning(AwsServiceException refusal) {
    return switch (refusal) {
      case InvalidCiphertextException e -> Optional.of(new Tampered());
      case IncorrectKeyException e -> Optional.of(new Tampered());
      case DisabledException e -> outOfUse();
      case KmsInvalidStateException e -> outOfUse();
      case NotFoundException e -> outOfUse();
      case KeyUnavailableException e -> again();
      case LimitExceededException e -> again();
      default -> Optional.empty();
    };
  }

  private static Optional<Problem> outOfUse() {
    return Optional.of(new Unavailable(SERVICE, KEY_STATE_RETRY_AFTER_SECONDS));
  }

  private static Optional<Problem> again() {
    return Optional.of(new Unavailable(SERVICE, RemoteCalls.RETRY_AFTER_SECONDS));
  }
}
