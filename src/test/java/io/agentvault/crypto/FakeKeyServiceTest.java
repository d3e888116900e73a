package io.agentvault.crypto;

/** Other packages' tests stand on the fake: it keeps the same contract as KMS. */
class FakeKeyServiceTest extends KeyServiceContract {
  private final FakeKeyService keys = new FakeKeyService();

  @Override
  protected DataKeyMinter minter() {
    return keys;
  }

  @Override
  protected DataKeyUnwrapper unwrapper() {
    return keys;
  }
}
