package io.agentvault.lambda;

import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.util.TypeLiteral;
import java.lang.annotation.Annotation;
import java.util.Iterator;
import software.amazon.awssdk.services.kms.KmsClient;

/** A KMS client that must not be made: it counts the calls that would have made it. */
final class NoKms implements Instance<KmsClient> {
  int timesAsked;

  @Override
  public KmsClient get() {
    timesAsked++;
    throw new IllegalStateException("canary: no KMS here");
  }

  @Override
  public Instance<KmsClient> select(Annotation... qualifiers) {
    throw new AssertionError();
  }

  @Override
  public <U extends KmsClient> Instance<U> select(Class<U> subtype, Annotation... qualifiers) {
    throw new AssertionError();
  }

  @Override
  public <U extends KmsClient> Instance<U> select(
      TypeLiteral<U> subtype, Annotation... qualifiers) {
    throw new AssertionError();
  }

  @Override
  public boolean isUnsatisfied() {
    return false;
  }

  @Override
  public boolean isAmbiguous() {
    return false;
  }

  @Override
  public void destroy(KmsClient instance) {}

  @Override
  public Handle<KmsClient> getHandle() {
    throw new AssertionError();
  }

  @Override
  public Iterable<? extends Handle<KmsClient>> handles() {
    throw new AssertionError();
  }

  @Override
  public Iterator<KmsClient> iterator() {
    throw new AssertionError();
  }
}
