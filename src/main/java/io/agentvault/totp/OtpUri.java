package io.agentvault.totp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentvault.problem.BadRequest;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An {@code otpauth://TYPE/LABEL?PARAMETERS} URI, taken apart by hand: {@link java.net.URI} refuses
 * the spaces and raw non-ASCII labels that issuers put into their QR codes.
 *
 * <p>Issuer and label choose Steam and are otherwise dropped; the credential has its own name.
 */
final class OtpUri {
  /** Far beyond any QR code that a camera reads. */
  static final int MAX_CHARACTERS = 4096;

  private static final String OTPAUTH = "otpauth://";
  private static final String STEAM = "steam://";
  private static final String STEAM_ISSUER = "Steam";
  private static final Set<String> KNOWN_PARAMETERS =
      Set.of("secret", "issuer", "algorithm", "digits", "period", "counter", "encoder");

  private final String field;
  private final String type;
  private final String label;
  private final Map<String, String> parameters;

  private OtpUri(String field, String type, String label, Map<String, String> parameters) {
    this.field = field;
    this.type = type;
    this.label = label;
    this.parameters = parameters;
  }

  /**
   * Reads {@code otpauth://} and {@code steam://} URIs.
   *
   * @throws BadRequest whatever is wrong with the text
   */
  static Otp parse(String field, String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new BadRequest(field, "must be at most " + MAX_CHARACTERS + " characters");
    }
    requireWellFormed(field, text);
    if (startsWith(text, STEAM)) {
      return new Otp.Steam(Seed.parse(field, decoded(text.substring(STEAM.length()))));
    }
    if (startsWith(text, OTPAUTH)) {
      return split(field, text.substring(OTPAUTH.length())).otp();
    }
    throw new BadRequest(field, "must be an otpauth:// or steam:// URI or a base32 seed");
  }

  private Otp otp() {
    return switch (type) {
      case "totp" -> isSteam() ? new Otp.Steam(seed()) : totp();
      case "steam" -> new Otp.Steam(seed());
      case "hotp" -> hotp();
      default -> throw new BadRequest(field, "must be of type totp, hotp or steam");
    };
  }

  private Otp totp() {
    return new Otp.Totp(
        seed(),
        OtpSettings.algorithm(name("algorithm"), parameters.get("algorithm")),
        OtpSettings.digits(name("digits"), number("digits")),
        OtpSettings.periodSeconds(name("period"), number("period")));
  }

  private Otp hotp() {
    Seed seed = seed();
    Long counter = number("counter");
    if (counter == null) {
      // A guessed counter would make codes that the other side has long passed.
      throw new BadRequest(field, "must have the parameter counter");
    }
    return new Otp.Hotp(
        seed,
        OtpSettings.algorithm(name("algorithm"), parameters.get("algorithm")),
        OtpSettings.digits(name("digits"), number("digits")),
        OtpSettings.counter(name("counter"), counter));
  }

  /**
   * Steam's codes by KeePassXC's parameter or by issuer; the parameter issuer outranks the label's
   * prefix (Key Uri Format, "Issuer"). Steam fixes digits, period and algorithm, so exporters write
   * anything there and none of it is read.
   */
  private boolean isSteam() {
    String issuer = parameters.getOrDefault("issuer", "");
    if (issuer.isBlank()) {
      issuer = label.contains(":") ? label.substring(0, label.indexOf(':')) : "";
    }
    return issuer.strip().equalsIgnoreCase(STEAM_ISSUER)
        || parameters.getOrDefault("encoder", "").equalsIgnoreCase(STEAM_ISSUER);
  }

  private Seed seed() {
    String secret = parameters.get("secret");
    if (secret == null) {
      throw new BadRequest(field, "must have the parameter secret");
    }
    return Seed.parse(name("secret"), secret);
  }

  private @Nullable Long number(String parameter) {
    String text = parameters.get(parameter);
    return text == null ? null : OtpSettings.wholeNumber(text);
  }

  /** What an error calls a parameter: {@code data.totp parameter digits}. */
  private String name(String parameter) {
    return field + " parameter " + parameter;
  }

  private static OtpUri split(String field, String text) {
    int question = text.indexOf('?');
    String path = question < 0 ? text : text.substring(0, question);
    String query = question < 0 ? "" : text.substring(question + 1);
    int fragment = query.indexOf('#');
    int slash = path.indexOf('/');
    return new OtpUri(
        field,
        (slash < 0 ? path : path.substring(0, slash)).toLowerCase(Locale.ROOT),
        slash < 0 ? "" : decoded(path.substring(slash + 1)),
        parameters(field, fragment < 0 ? query : query.substring(0, fragment)));
  }

  /**
   * Known parameters by lower-case name. A repeated one is refused: readers differ on which wins.
   */
  private static Map<String, String> parameters(String field, String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      String key = decoded(equals < 0 ? part : part.substring(0, equals)).toLowerCase(Locale.ROOT);
      String value = equals < 0 ? "" : decoded(part.substring(equals + 1));
      if (KNOWN_PARAMETERS.contains(key) && parameters.put(key, value) != null) {
        throw new BadRequest(field, "must not repeat the parameter " + key);
      }
    }
    return parameters;
  }

  /** After this, {@link #decoded} can't fail. */
  private static void requireWellFormed(String field, String text) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == '%' && !(isHex(text, i + 1) && isHex(text, i + 2))) {
        throw new BadRequest(field, "must have two hexadecimal digits after each %");
      }
      if (Character.isHighSurrogate(character)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(character) || Character.isISOControl(character)) {
        throw new BadRequest(field, "must not have control characters or lone surrogates");
      }
    }
  }

  private static boolean isHex(String text, int index) {
    return index < text.length()
        && text.charAt(index) < 0x80
        && Character.digit(text.charAt(index), 16) >= 0;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, UTF_8);
  }

  private static boolean startsWith(String text, String scheme) {
    return text.regionMatches(true, 0, scheme, 0, scheme.length());
  }
}
