package io.agentvault.identity;

import io.agentvault.problem.Unauthorized;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a child token says, as bytes: clause 2 of the {@link io.agentvault.identity package}'s.
 *
 * @param generation of the agent key that it comes from
 * @param id its name
 * @param parent the token that it was made from; empty when that was the key
 * @param expiresAt from this instant on it is nothing, to the millisecond
 * @param scopes what it may do, if its identity still may
 * @param labels on which credentials
 */
record TokenBody(
    long generation,
    TokenId id,
    Optional<TokenId> parent,
    Instant expiresAt,
    Set<Scope> scopes,
    List<LabelPattern> labels) {
  /** Child token §2.1. */
  static final byte VERSION = 1;

  /** Child token §2.2: the lowest bit is the first. */
  private static final List<Scope> BITS =
      List.of(Scope.VAULT_READ, Scope.VAULT_WRITE, Scope.VAULT_TOTP, Scope.VAULT_USE);

  private static final int HAS_PARENT = 0x80;
  private static final int IS_PREFIX = 0x80;
  private static final int EXPIRY_BYTES = 6;
  private static final int FIXED_BYTES = 2 + Integer.BYTES + EXPIRY_BYTES + 2 * TokenId.BYTES + 1;

  /** No body is longer. */
  static final int MOST_BYTES = FIXED_BYTES + Limits.MOST_PATTERNS * (1 + LabelGrammar.LONGEST);

  TokenBody {
    scopes = Set.copyOf(scopes);
    labels = List.copyOf(labels);
  }

  byte[] encoded() {
    ByteBuffer out = ByteBuffer.allocate(MOST_BYTES).put(VERSION).put((byte) flags());
    out.putInt((int) generation);
    long millis = expiresAt.toEpochMilli();
    out.putShort((short) (millis >>> Integer.SIZE)).putInt((int) millis);
    out.put(id.bytes());
    parent.ifPresent(each -> out.put(each.bytes()));
    out.put((byte) labels.size());
    labels.forEach(each -> put(out, each));
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  private int flags() {
    int flags = parent.isPresent() ? HAS_PARENT : 0;
    for (Scope scope : scopes) {
      flags |= 1 << BITS.indexOf(scope);
    }
    return flags;
  }

  private static void put(ByteBuffer out, LabelPattern pattern) {
    byte[] text = pattern.text().getBytes(StandardCharsets.US_ASCII);
    out.put((byte) (pattern.isPrefix() ? IS_PREFIX | text.length : text.length - 1)).put(text);
  }

  /**
   * What {@code bytes} say.
   *
   * @throws Unauthorized when they are not exactly the encoding of something
   */
  static TokenBody parse(byte[] bytes) {
    try {
      TokenBody body = read(ByteBuffer.wrap(bytes));
      if (Arrays.equals(body.encoded(), bytes)) {
        return body;
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      // cut short, or a field that none may have: like all else that is no token
    }
    throw new Unauthorized();
  }

  private static TokenBody read(ByteBuffer in) {
    if (in.get() != VERSION) {
      throw new IllegalArgumentException("another version");
    }
    int flags = in.get();
    long generation = Integer.toUnsignedLong(in.getInt());
    long millis =
        Short.toUnsignedLong(in.getShort()) << Integer.SIZE | Integer.toUnsignedLong(in.getInt());
    TokenId id = id(in);
    Optional<TokenId> parent = (flags & HAS_PARENT) == 0 ? Optional.empty() : Optional.of(id(in));
    return new TokenBody(
        generation, id, parent, Instant.ofEpochMilli(millis), scopes(flags), labels(in));
  }

  private static TokenId id(ByteBuffer in) {
    byte[] bytes = new byte[TokenId.BYTES];
    in.get(bytes);
    return TokenId.of(bytes);
  }

  private static Set<Scope> scopes(int flags) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (int bit = 0; bit < BITS.size(); bit++) {
      if ((flags >> bit & 1) == 1) {
        scopes.add(BITS.get(bit));
      }
    }
    return scopes;
  }

  private static List<LabelPattern> labels(ByteBuffer in) {
    int count = in.get();
    if (count < 1 || count > Limits.MOST_PATTERNS) {
      throw new IllegalArgumentException("too many labels, or none");
    }
    List<LabelPattern> labels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int head = Byte.toUnsignedInt(in.get());
      boolean prefix = head >= IS_PREFIX;
      byte[] text = new byte[prefix ? head - IS_PREFIX : head + 1];
      in.get(text);
      labels.add(new LabelPattern(new String(text, StandardCharsets.ISO_8859_1), prefix));
    }
    if (!Limits.withoutCovered(labels).equals(labels)) {
      throw new IllegalArgumentException("a label within another");
    }
    return labels;
  }
}
