package io.agentvault.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentvault.identity.AgentId;
import io.agentvault.identity.IdentityStore.Position;
import io.agentvault.problem.BadRequest;
import io.agentvault.vault.Label;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * Where a listing goes on. A token holds a place inside a partition and never the partition: that
 * comes from who asks, so a token made up or taken from another is at worst another place in one's
 * own listing.
 */
final class PageToken {
  private static final String FIELD = "pageToken";
  private static final String LABEL = "l1:";
  private static final String IDENTITY = "i1:";
  private static final String CHECKPOINT = "c1:";
  private static final String RECORD = "r1:";
  private static final int LONGEST = 512;

  private PageToken() {}

  static String of(Label label) {
    return encode(LABEL + label.text());
  }

  static String of(Position position) {
    return encode(IDENTITY + position.id().text() + position.createdAt());
  }

  /** Behind what stands at that place of a chain. */
  static String ofCheckpoint(String place) {
    return encode(CHECKPOINT + place);
  }

  static String checkpoint(String token) {
    String place = decode(token, CHECKPOINT);
    if (place.isEmpty()) {
      throw refused();
    }
    return place;
  }

  static String ofRecord(String key) {
    return encode(RECORD + key);
  }

  /** A record's key, or what somebody made up: then a place like any other. */
  static String record(String token) {
    return Optional.of(decode(token, RECORD))
        .filter(key -> !key.isEmpty())
        .orElseThrow(PageToken::refused);
  }

  static Label label(String token) {
    try {
      return Label.parse(decode(token, LABEL));
    } catch (BadRequest e) {
      throw refused();
    }
  }

  static Position position(String token) {
    String text = decode(token, IDENTITY);
    try {
      int idEnd = Math.min(text.length(), AgentId.CHARACTERS);
      return new Position(
          AgentId.parse(text.substring(0, idEnd)).orElseThrow(PageToken::refused),
          Instant.parse(text.substring(idEnd)));
    } catch (DateTimeException e) {
      throw refused();
    }
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  private static String decode(String token, String kind) {
    try {
      return Optional.of(token)
          .filter(each -> each.length() <= LONGEST)
          .map(each -> new String(Base64.getUrlDecoder().decode(each), UTF_8))
          .filter(text -> text.startsWith(kind))
          .map(text -> text.substring(kind.length()))
          .orElseThrow(PageToken::refused);
    } catch (IllegalArgumentException e) {
      throw refused();
    }
  }

  private static BadRequest refused() {
    return new BadRequest(FIELD, "must be the nextPageToken of an earlier answer");
  }
}
