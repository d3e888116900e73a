package io.agentvault.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.BadRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialTypeTest {
  /** The contract's table: each row one way to fulfil a type's rule. */
  private static final String[] REQUIRED = {
    "LOGIN: username password",
    "API_KEY: key",
    "API_KEY: clientId secret",
    "OAUTH: accessToken",
    "OAUTH: refreshToken",
    "SSH_KEY: privateKey",
    "DATABASE: connectionString",
    "DATABASE: host username password",
    "SMTP: host username password",
    "AWS: accessKeyId secretAccessKey",
    "CERTIFICATE: certificate",
    "CARD: cardholder number expMonth expYear cvc",
    "SHIPPING_ADDRESS: name line1 city state postcode country",
  };

  @Test
  void eachWayToFulfilATypesRuleIsEnoughAndNoneOfItsFieldsMayBeMissing() {
    for (String row : REQUIRED) {
      CredentialType type = CredentialType.parse(row.substring(0, row.indexOf(':')));
      List<String> fields = Arrays.asList(row.substring(row.indexOf(':') + 2).split(" "));
      assertThat(Contents.of(type, object(fields, "'x'"))).isNotNull();
      for (String missing : fields) {
        List<String> rest = fields.stream().filter(field -> !field.equals(missing)).toList();
        assertRefused(type, object(rest, "'x'"));
        for (String nothing : List.of("''", "null", "true", "[]", "{}")) {
          assertRefused(type, withField(object(rest, "'x'"), missing, nothing));
        }
        assertThat(Contents.of(type, withField(object(rest, "'x'"), missing, "7"))).isNotNull();
      }
    }
  }

  @Test
  void aRequiredFieldMayStandInTheMetadataInstead() {
    for (String row : REQUIRED) {
      CredentialType type = CredentialType.parse(row.substring(0, row.indexOf(':')));
      List<String> fields = Arrays.asList(row.substring(row.indexOf(':') + 2).split(" "));
      String data = object(fields.subList(0, fields.size() - 1), "'x'");
      String metadata = object(List.of(fields.getLast()), "'x'");
      assertThat(
              Content.checked(
                  type,
                  Data.of(Contents.tree(data)),
                  Optional.of(Data.of(Contents.tree(metadata))),
                  Optional.empty()))
          .as(row)
          .isNotNull();
      assertRefused(type, data);
    }
  }

  @Test
  void theTypeWithoutARuleTakesAnyObject() {
    assertThat(Contents.custom("{}").type()).isEqualTo(CredentialType.CUSTOM);
    assertThat(Contents.custom("{'any':{'thing':[1,null,true]}}")).isNotNull();
  }

  @Test
  void theTypesAreThoseOfTheContract() {
    assertThat(Arrays.stream(CredentialType.values()).map(Enum::name))
        .containsExactly(
            "LOGIN",
            "API_KEY",
            "OAUTH",
            "TOTP",
            "SSH_KEY",
            "DATABASE",
            "SMTP",
            "AWS",
            "CERTIFICATE",
            "CARD",
            "SHIPPING_ADDRESS",
            "CUSTOM");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "login", "LOGIN ", "canary", "API-KEY"})
  void anUnknownTypeIsRefusedByNamingTheKnownOnes(String type) {
    assertThatThrownBy(() -> CredentialType.parse(type))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("type must be one of [LOGIN, API_KEY, ")
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LOGIN   | {'username':'canary'}  | data.password must be a non-empty string for type LOGIN",
        "CARD    | {'cardholder':'canary'}| data.number must be a non-empty string for type CARD",
        "API_KEY | {'clientId':'canary'}  | data must have key, or clientId and secret as non-empty"
            + " strings for type API_KEY",
        "OAUTH   | {'scope':'canary'}     | data must have accessToken, or refreshToken, or tokenUrl and"
            + " grant as non-empty strings for type OAUTH",
        "TOTP    | {'seed':'canary'}      | data must have secret, or otpauth as non-empty strings"
            + " for type TOTP",
      })
  void aRefusalNamesTheFieldOrTheAlternatives(CredentialType type, String data, String message) {
    assertThatThrownBy(() -> Contents.of(type, data))
        .isInstanceOf(BadRequest.class)
        .hasMessage(message);
  }

  private static void assertRefused(CredentialType type, String data) {
    assertThatThrownBy(() -> Contents.of(type, data))
        .as(data)
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("data");
  }

  private static String object(List<String> fields, String value) {
    return fields.stream()
        .map(field -> "'" + field + "':" + value)
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String withField(String object, String field, String value) {
    String rest = object.substring(1);
    return "{'" + field + "':" + value + (rest.equals("}") ? "" : ",") + rest;
  }
}
