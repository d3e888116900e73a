package io.agentvault.lambda;

import com.oracle.svm.core.annotate.Delete;
import com.oracle.svm.core.annotate.TargetClass;

/**
 * What the native image does without: the JDK's XML streaming parsers, which the AWS extension
 * keeps for S3. No function reads XML, and with them goes all of {@code java.xml}, 3 MB of code.
 */
final class LeftOut {
  private LeftOut() {}

  @Delete
  @TargetClass(className = "com.sun.xml.internal.stream.XMLInputFactoryImpl")
  static final class XmlInput {}

  @Delete
  @TargetClass(className = "com.sun.xml.internal.stream.XMLOutputFactoryImpl")
  static final class XmlOutput {}
}
