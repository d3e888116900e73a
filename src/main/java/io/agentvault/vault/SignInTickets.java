package io.agentvault.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentvault.crypto.DerivedKey;
import io.agentvault.crypto.Secret;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says for ten minutes that a human signed in for one deposit: {@code <end>.<subject>.<MAC>}, the
 * end in seconds, subject and MAC in base64url. The key of the MAC is derived from the data key, so
 * a ticket dies with the identity.
 */
final class SignInTickets {
  /** How long a human may take to fill in the page. */
  static final Duration VALID = Duration.ofMinutes(10);

  private static final Pattern GRAMMAR =
      Pattern.compile("([0-9]{1,12})\\.([A-Za-z0-9_-]{1,1400})\\.([A-Za-z0-9_-]{43})");

  private final Secret dataKey;

  SignInTickets(Secret dataKey) {
    this.dataKey = dataKey;
  }

  /** A ticket for {@code subject} at that deposit. */
  String issue(String depositId, String subject, Instant now) {
    String claim = now.plus(VALID).getEpochSecond() + "." + base64(subject.getBytes(UTF_8));
    return claim + "." + base64(mac(depositId, claim));
  }

  /** The subject of a ticket; empty when it is none for that deposit, or no longer one. */
  Optional<String> subject(String depositId, String ticket, Instant now) {
    Matcher matcher = GRAMMAR.matcher(ticket);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String claim = matcher.group(1) + "." + matcher.group(2);
    boolean genuine =
        MessageDigest.isEqual(
            base64(mac(depositId, claim)).getBytes(UTF_8), matcher.group(3).getBytes(UTF_8));
    boolean inTime = now.getEpochSecond() < Long.parseLong(matcher.group(1));
    return genuine && inTime
        ? Optional.of(new String(Base64.getUrlDecoder().decode(matcher.group(2)), UTF_8))
        : Optional.empty();
  }

  private byte[] mac(String depositId, String claim) {
    return DerivedKey.mac(dataKey, "deposit sign-in 1", (depositId + "." + claim).getBytes(UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
