package io.agentvault.crypto;

import io.agentvault.remote.Deadline;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.GetPublicKeyRequest;
import software.amazon.awssdk.services.kms.model.GetPublicKeyResponse;
import software.amazon.awssdk.services.kms.model.SignRequest;
import software.amazon.awssdk.services.kms.model.SignResponse;

/** {@link Signer} over a KMS with one P-256 key, which truly signs and counts how often. */
public final class FakeSigner implements Signer {
  private static final String KEY_ARN =
      "arn:aws:kms:eu-west-1:111122223333:key/0fedcba9-12ab-34cd-56ef-1234567890ab";

  public final List<SignRequest> signs = new ArrayList<>();
  public @Nullable RuntimeException fault;
  private final KeyPair pair = pair();
  private final Signer signer = Signer.kms(Kms::new, KEY_ARN);

  @Override
  public String sign(String type, String payload, Deadline deadline) {
    return signer.sign(type, payload, deadline);
  }

  @Override
  public String publicKeys(Deadline deadline) {
    return signer.publicKeys(deadline);
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private final class Kms implements KmsClient {
    @Override
    public SignResponse sign(SignRequest request) {
      signs.add(request);
      if (fault != null) {
        throw fault;
      }
      try {
        Signature signature = Signature.getInstance("NONEwithECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(request.message().asByteArray());
        return SignResponse.builder()
            .keyId(KEY_ARN)
            .signature(SdkBytes.fromByteArray(signature.sign()))
            .build();
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public GetPublicKeyResponse getPublicKey(GetPublicKeyRequest request) {
      if (fault != null) {
        throw fault;
      }
      return GetPublicKeyResponse.builder()
          .keyId(KEY_ARN)
          .publicKey(SdkBytes.fromByteArray(pair.getPublic().getEncoded()))
          .build();
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }
}
