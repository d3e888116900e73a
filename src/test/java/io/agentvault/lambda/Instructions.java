package io.agentvault.lambda;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** What pins a method of others that a substitution stands on. */
final class Instructions {
  private Instructions() {}

  /** Of its instructions with what they name; line numbers and places in tables don't count. */
  static String digest(MethodModel method) {
    String instructions =
        method
            .code()
            .orElseThrow()
            .elementStream()
            .filter(Instruction.class::isInstance)
            .map(CodeElement::toString)
            .collect(Collectors.joining("\n"));
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(instructions.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
