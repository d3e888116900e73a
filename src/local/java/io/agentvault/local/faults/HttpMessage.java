package io.agentvault.local.faults;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An HTTP/1.1 request or response as it is on the wire, body and all, chunks joined. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record HttpMessage(String startLine, List<String> headers, byte[] body) {
  private static final int MAX_HEAD_BYTES = 64 * 1024;

  /** The next message of a connection; nothing if the peer closed it in between. */
  static Optional<HttpMessage> read(InputStream in) throws IOException {
    List<String> head = head(in);
    if (head.isEmpty()) {
      return Optional.empty();
    }
    HttpMessage message =
        new HttpMessage(head.getFirst(), List.copyOf(head.subList(1, head.size())), new byte[0]);
    return Optional.of(message.withBody(body(message, in)));
  }

  private static List<String> head(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    int total = 0;
    while (true) {
      String line = line(in);
      total += line.length();
      if (total > MAX_HEAD_BYTES) {
        throw new IOException("head over 64 KiB");
      }
      if (line.isEmpty()) {
        return lines;
      }
      lines.add(line);
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        if (bytes.size() > 0) {
          throw new EOFException();
        }
        return "";
      }
      if (next != '\r') {
        bytes.write(next);
      }
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  private static byte[] body(HttpMessage message, InputStream in) throws IOException {
    if (message.header("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked")) {
      return chunks(in);
    }
    String length = message.header("content-length");
    return length.isEmpty() ? new byte[0] : exactly(in, Integer.parseInt(length));
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
      body.write(exactly(in, size));
      line(in);
      if (size == 0) {
        return body.toByteArray();
      }
    }
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  /** A header's first value; empty if it is not there. */
  String header(String lowerCaseName) {
    for (String header : headers) {
      int colon = header.indexOf(':');
      if (colon == lowerCaseName.length()
          && header.regionMatches(true, 0, lowerCaseName, 0, colon)) {
        return header.substring(colon + 1).strip();
      }
    }
    return "";
  }

  /** The status of a response. */
  int status() {
    return Integer.parseInt(startLine.split(" ", 3)[1]);
  }

  /** Whether it only asks if anybody is there, as a function does before its first call. */
  boolean isPing() {
    return startLine.startsWith("GET /ping ");
  }

  boolean closes() {
    return header("connection").equalsIgnoreCase("close");
  }

  /** The same head with another body. A checksum of the old body goes, since it no longer fits. */
  HttpMessage withBody(byte[] other) {
    List<String> kept = new ArrayList<>();
    for (String header : headers) {
      String name = header.split(":", 2)[0].toLowerCase(Locale.ROOT);
      if (!name.equals("content-length")
          && !name.equals("transfer-encoding")
          && (Arrays.equals(other, body) || body.length == 0 || !name.equals("x-amz-crc32"))) {
        kept.add(header);
      }
    }
    kept.add("Content-Length: " + other.length);
    return new HttpMessage(startLine, List.copyOf(kept), other);
  }

  static HttpMessage response(int status, String contentType, byte[] body) {
    return new HttpMessage(
            "HTTP/1.1 " + status + " Injected",
            List.of("Content-Type: " + contentType),
            new byte[0])
        .withBody(body);
  }

  /** The whole message in one piece, to be sent in one packet where it fits. */
  byte[] bytes() {
    StringBuilder head = new StringBuilder(256).append(startLine).append("\r\n");
    headers.forEach(header -> head.append(header).append("\r\n"));
    byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = Arrays.copyOf(start, start.length + body.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return all;
  }
}
