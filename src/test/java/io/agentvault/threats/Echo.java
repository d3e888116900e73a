package io.agentvault.threats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.agentvault.broker.RawServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/**
 * An upstream that repeats what it was given, in each form that the wire contract says is scrubbed
 * (§5), and in each of these escaped for JSON or percent-encoded once more.
 */
final class Echo {
  /** How its answer is framed. */
  enum Framing {
    WHOLE,
    /** A chunk for every byte. */
    CHUNKED,
    GZIP
  }

  private Echo() {}

  static RawServer.Answering as(Framing framing) {
    return (socket, sent) -> {
      OutputStream out = socket.getOutputStream();
      String[] request = sent.split("\r\n\r\n", 2);
      List<String> lines = List.of(request[0].split("\r\n", -1));
      List<String> given = new ArrayList<>(List.of(lines.getFirst().split(" ", 3)[1]));
      lines.stream().skip(1).map(line -> line.substring(line.indexOf(':') + 2)).forEach(given::add);
      StringBuilder head = new StringBuilder("HTTP/1.1 200 " + given.getLast() + "\r\n");
      StringBuilder body = new StringBuilder(sent);
      for (String each : given) {
        head.append("X-Echo: ").append(each).append("\r\n");
        // behind a scheme, alone
        for (String text : List.of(each, each.substring(each.indexOf(' ') + 1))) {
          forms(text).forEach(form -> body.append('\n').append(form));
        }
        // what is long enough to hold a secret, or there would be more headers than are taken
        forms(each).stream()
            .filter(form -> each.length() > 25 && form.length() < 2_000)
            .limit(60)
            .forEach(form -> head.append("X-Form: ").append(form).append("\r\n"));
      }
      write(out, head + "Connection: close\r\n", body.toString().getBytes(ISO_8859_1), framing);
    };
  }

  private static void write(OutputStream out, String head, byte[] body, Framing framing)
      throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    switch (framing) {
      case WHOLE -> {
        answer.writeBytes((head + "\r\n").getBytes(ISO_8859_1));
        answer.writeBytes(body);
      }
      case CHUNKED -> {
        answer.writeBytes((head + "Transfer-Encoding: chunked\r\n\r\n").getBytes(ISO_8859_1));
        for (byte each : body) {
          answer.writeBytes(new byte[] {'1', '\r', '\n', each, '\r', '\n'});
        }
        answer.writeBytes("0\r\n\r\n".getBytes(US_ASCII));
      }
      case GZIP -> {
        answer.writeBytes((head + "Content-Encoding: gzip\r\n\r\n").getBytes(ISO_8859_1));
        try (GZIPOutputStream gzip = new GZIPOutputStream(answer)) {
          gzip.write(body);
        }
      }
    }
    out.write(answer.toByteArray());
  }

  /** A text in every form. */
  static List<String> forms(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    List<String> plain = new ArrayList<>(List.of(text));
    plain.add(HexFormat.of().formatHex(bytes));
    plain.add(HexFormat.of().withUpperCase().formatHex(bytes));
    for (int before = 0; before < 3; before++) {
      byte[] shifted = ("xy".substring(0, Math.min(before, 2)) + text).getBytes(ISO_8859_1);
      byte[] between = Arrays.copyOf(shifted, shifted.length + 2);
      for (byte[] each : List.of(shifted, between)) {
        plain.add(Base64.getEncoder().encodeToString(each));
        plain.add(Base64.getUrlEncoder().withoutPadding().encodeToString(each));
      }
    }
    List<String> forms = new ArrayList<>(plain);
    for (String each : plain) {
      ESCAPES.forEach(escape -> forms.add(escape.apply(each)));
    }
    return forms;
  }

  private static final List<UnaryOperator<String>> ESCAPES =
      List.of(
          Echo::json,
          text -> json(text).replace("/", "\\/"),
          text -> all(text, "\\u%04x"),
          text -> all(text, "\\u%04X"),
          text -> some(text, "%%%02X"),
          text -> some(text, "%%%02x"),
          text -> all(text, "%%%02X"),
          text -> some(text, "%%%02X").replace("%20", "+"));

  private static String json(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static String all(String text, String format) {
    StringBuilder escaped = new StringBuilder();
    text.chars().forEach(c -> escaped.append(format.formatted(c)));
    return escaped.toString();
  }

  private static String some(String text, String format) {
    StringBuilder escaped = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              boolean plain = Character.isLetterOrDigit(c) && c < 128 || c == '-' || c == '_';
              escaped.append(plain ? String.valueOf((char) c) : format.formatted(c));
            });
    return escaped.toString();
  }

  /**
   * Whether an answer shows a secret to somebody who undoes one escape and looks for any form: of
   * the whole of it, whatever stands around.
   */
  static boolean shows(String answer, String secret) {
    String unescaped = unescaped(answer, '\\');
    for (String text :
        List.of(
            answer,
            unescaped,
            unescaped(unescaped, '\\'),
            unescaped(answer, '%'),
            unescaped(unescaped, '%'),
            unescaped(answer.replace('+', ' '), '%'))) {
      if (holds(text, secret)) {
        return true;
      }
    }
    return false;
  }

  private static boolean holds(String text, String secret) {
    byte[] bytes = secret.getBytes(ISO_8859_1);
    boolean found =
        text.contains(secret)
            || text.toLowerCase(Locale.ROOT).contains(HexFormat.of().formatHex(bytes));
    for (int before = 0; before < 3 && !found; before++) {
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      int from = (before * 8 + 5) / 6;
      int to = shifted.length * 8 / 6;
      found =
          text.contains(Base64.getEncoder().encodeToString(shifted).substring(from, to))
              || text.contains(Base64.getUrlEncoder().encodeToString(shifted).substring(from, to));
    }
    return found;
  }

  /** With JSON's escapes, or with percent-encoding, undone; what is none stays. */
  private static String unescaped(String text, char sign) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digits = sign == '%' ? 2 : 4;
      int from = sign == '%' ? i + 1 : i + 2;
      boolean numbered =
          c == sign && (sign == '%' || (i + 1 < text.length() && text.charAt(i + 1) == 'u'));
      if (numbered && from + digits <= text.length() && isHex(text, from, digits)) {
        plain.append((char) HexFormat.fromHexDigits(text, from, from + digits));
        i = from + digits - 1;
      } else if (c == sign && sign == '\\' && i + 1 < text.length()) {
        i++;
        plain.append(text.charAt(i) == 'n' ? '\n' : text.charAt(i));
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  private static boolean isHex(String text, int from, int digits) {
    return text.substring(from, from + digits).chars().allMatch(HexFormat::isHexDigit);
  }
}
