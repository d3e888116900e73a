package io.agentvault.lambda;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** What pins a method of others that a substitution stands on, and where the JDK's are. */
final class Instructions {
  /** {@code java.base} of the JDK that runs the tests. */
  static final Path JDK =
      FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base");

  private Instructions() {}

  /**
   * A class of the JDK.
   *
   * @param name with slashes
   */
  static ClassModel ofTheJdk(String name) throws IOException {
    return ClassFile.of().parse(JDK.resolve(name + ".class"));
  }

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
