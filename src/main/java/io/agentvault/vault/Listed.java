package io.agentvault.vault;

/** A line of a listing. */
public sealed interface Listed permits Credential, Listed.Damaged {
  /** The credential's name. */
  Label label();

  /**
   * A credential that does not open, or whose item is none of ours. Whoever owns it may store over
   * it or delete it; it keeps nobody from the others.
   */
  record Damaged(Label label) implements Listed {}
}
