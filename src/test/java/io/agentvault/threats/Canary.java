package io.agentvault.threats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A value that must not turn up, and the spellings in which it would. */
final class Canary {
  /** Stands in every text canary, so that it is found in the reports of earlier runs too. */
  static final String MARK = "zq9canary7xk";

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int FRAGMENT = 14;

  private final String name;
  private final String text;
  private final List<String> needles;

  private Canary(String name, String text, List<String> needles) {
    this.name = name;
    this.text = text;
    this.needles = List.copyOf(needles);
  }

  /** A fresh text with the mark in it; its first and last {@value #FRAGMENT} are its own. */
  static Canary fresh(String name) {
    String beginning = HexFormat.of().formatHex(random(FRAGMENT / 2));
    String end = HexFormat.of().formatHex(random(FRAGMENT / 2));
    return ofText(name, beginning + MARK + end);
  }

  /** A fresh base32 seed of 160 bits. */
  static Canary seed(String name) {
    StringBuilder seed = new StringBuilder();
    for (byte each : random(32)) {
      seed.append("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt(each & 31));
    }
    return ofText(name, seed.toString());
  }

  /** A text and its pieces: messages often quote only the beginning or the end. */
  static Canary ofText(String name, String text) {
    List<String> needles = spellings(text.getBytes(US_ASCII));
    needles.add(new String(text.getBytes(UTF_16LE), ISO_8859_1));
    needles.add(new String(text.getBytes(UTF_16BE), ISO_8859_1));
    needles.add(text.substring(0, FRAGMENT));
    needles.add(text.substring(text.length() - FRAGMENT));
    return new Canary(name, text, needles);
  }

  static Canary ofBytes(String name, byte[] bytes) {
    return new Canary(name, "", spellings(bytes));
  }

  /** The mark of all text canaries. */
  static Canary mark() {
    return new Canary("any canary", MARK, spellings(MARK.getBytes(US_ASCII)));
  }

  private static List<String> spellings(byte[] bytes) {
    List<String> needles = new ArrayList<>();
    needles.add(new String(bytes, ISO_8859_1));
    needles.add(HexFormat.of().formatHex(bytes));
    needles.add(HexFormat.of().withUpperCase().formatHex(bytes));
    for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
      for (int shift = 0; shift < 3; shift++) {
        needles.add(inBase64(encoder.withoutPadding(), bytes, shift));
      }
    }
    return needles;
  }

  /** The characters that depend on nothing but {@code bytes} when so many bytes stand before. */
  private static String inBase64(Base64.Encoder encoder, byte[] bytes, int shift) {
    byte[] shifted = new byte[shift + bytes.length];
    System.arraycopy(bytes, 0, shifted, shift, bytes.length);
    String text = encoder.encodeToString(shifted);
    int from = (shift * 8 + 5) / 6;
    int to = shifted.length * 8 / 6;
    return text.substring(from, to);
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  String name() {
    return name;
  }

  String text() {
    return text;
  }

  /** Whether the bytes hold it, in any spelling. */
  boolean isIn(byte[] haystack) {
    return where(new String(haystack, ISO_8859_1)).isPresent();
  }

  boolean isIn(String haystack) {
    return isIn(haystack.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private Optional<String> where(String haystack) {
    return needles.stream().filter(haystack::contains).findFirst();
  }

  @Override
  public String toString() {
    return name;
  }
}
