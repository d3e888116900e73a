package io.agentvault.identity;

/** An identity's data key as KMS wrapped it: of no use without KMS. Never printed all the same. */
public final class WrappedDataKey {
  private final byte[] bytes;

  public WrappedDataKey(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  /** What to send to KMS, a few hundred bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "WrappedDataKey[" + bytes.length + " bytes]";
  }
}
