package io.agentvault.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentvault.problem.BadRequest;
import io.agentvault.vault.Injection;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Puts a credential's secret into a call. What the caller sent in its place is dropped. */
final class Injector {
  private static final String AUTHORIZATION = "authorization";
  private static final Set<String> OF_THE_SIGNATURE =
      Set.of(AUTHORIZATION, "date", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256");

  private final Clock clock;

  Injector(Clock clock) {
    this.clock = clock;
  }

  /** The headers, in lower case, that are the vault's to set. */
  static Set<String> managedHeaders(Injection injection) {
    return switch (injection) {
      case Injection.Bearer bearer -> Set.of(AUTHORIZATION);
      case Injection.Basic basic -> Set.of(AUTHORIZATION);
      case Injection.Header header -> Set.of(header.name().toLowerCase(Locale.ROOT));
      case Injection.Query query -> Set.of();
      case Injection.AwsSigV4 signature -> OF_THE_SIGNATURE;
    };
  }

  /**
   * The call with the secret in it.
   *
   * @param fields the credential's, by name
   * @throws BadRequest when a field is not there, or can't be sent where it is to stand
   */
  Injected inject(Injection injection, Function<String, Optional<String>> fields, Outgoing call) {
    Set<String> managed =
        managedHeaders(injection).stream()
            .map(HeaderRules::asCgiReads)
            .collect(Collectors.toUnmodifiableSet());
    Outgoing bare =
        new Outgoing(
            call.method(),
            call.target(),
            call.headers().stream()
                .filter(each -> !managed.contains(HeaderRules.asCgiReads(each.key())))
                .toList(),
            call.body());
    return switch (injection) {
      case Injection.Bearer(String field) -> {
        String secret = required(fields, field);
        yield header(bare, "Authorization", "Bearer " + secret, secret);
      }
      case Injection.Basic(Injection.Part username, Injection.Part password) ->
          basic(bare, fields, username, password);
      case Injection.Header(String name, String field, Optional<String> prefix) -> {
        String secret = required(fields, field);
        yield header(bare, name, prefix.orElse("") + secret, secret);
      }
      case Injection.Query(String name, String field) -> query(bare, name, required(fields, field));
      case Injection.AwsSigV4 signature -> new AwsSignature(clock).sign(signature, fields, bare);
    };
  }

  private static Injected basic(
      Outgoing call,
      Function<String, Optional<String>> fields,
      Injection.Part username,
      Injection.Part password) {
    String pair = text(username, fields) + ":" + text(password, fields);
    String rendered = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    List<String> secrets = new ArrayList<>(List.of(pair));
    if (password instanceof Injection.Part.Field(String name)) {
      secrets.add(required(fields, name));
    }
    // a key as user name with a fixed password, or none: then the user name is the secret
    if (username instanceof Injection.Part.Field(String name)
        && password instanceof Injection.Part.Literal) {
      secrets.add(required(fields, name));
    }
    return header(call, "Authorization", rendered, secrets.toArray(new String[0]));
  }

  private static String text(Injection.Part part, Function<String, Optional<String>> fields) {
    return switch (part) {
      case Injection.Part.Field(String name) -> required(fields, name);
      case Injection.Part.Literal(String text) -> text;
    };
  }

  private static Injected header(Outgoing call, String name, String value, String... secrets) {
    Header header = new Header(name, value);
    if (!header.isWellFormed()) {
      throw new BadRequest("label", "must name a credential whose secret can stand in a header");
    }
    List<Header> headers = new ArrayList<>(call.headers());
    headers.add(header);
    List<String> all = new ArrayList<>(List.of(secrets));
    all.add(value);
    int space = value.indexOf(' ');
    all.add(value.substring(space + 1));
    return new Injected(new Outgoing(call.method(), call.target(), headers, call.body()), all);
  }

  private static Injected query(Outgoing call, String name, String secret) {
    String others =
        Arrays.stream(call.target().query().split("&", -1))
            .filter(pair -> !pair.isEmpty() && !isNamed(pair, name))
            .collect(Collectors.joining("&"));
    String own = encoded(name) + "=" + encoded(secret);
    return new Injected(
        new Outgoing(
            call.method(),
            call.target().withQuery(others.isEmpty() ? own : others + "&" + own),
            call.headers(),
            call.body()),
        List.of(secret, encoded(secret)));
  }

  private static boolean isNamed(String pair, String name) {
    int equals = pair.indexOf('=');
    String written = equals < 0 ? pair : pair.substring(0, equals);
    try {
      return URLDecoder.decode(written, UTF_8).equalsIgnoreCase(name);
    } catch (IllegalArgumentException e) {
      return true; // read leniently it could be that very name
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  static String required(Function<String, Optional<String>> fields, String name) {
    return fields
        .apply(name)
        .filter(text -> !text.isEmpty())
        .orElseThrow(
            () ->
                new BadRequest(
                    "label", "must name a credential that has the field its use policy names"));
  }
}
