package io.agentvault.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.api.Route.Plane;
import io.agentvault.problem.BadRequest;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Direct events, and the parameters of either shape. */
class RequestTest {
  @Test
  void everyRouteIsFoundByItsActionInItsOwnFunctionOnly() {
    for (Route route : Route.values()) {
      Plane other = route.plane() == Plane.VAULT ? Plane.IDENTITY : Plane.VAULT;
      String event = "{'action':'" + route.action() + "'}";
      if (route.isDirect()) {
        assertThat(direct(route.plane(), event).route()).isEqualTo(route);
        assertThat(direct(route.plane(), event).isDirect()).isTrue();
      } else if (route != Route.NEXT_CODE) { // whose direct form is the other call of its path
        assertRefused(
            () -> direct(route.plane(), event), "action must be one of this function's actions");
      }
      assertRefused(() -> direct(other, event), "action must be one of this function's actions");
    }
    assertThat(Arrays.stream(Route.values()).filter(Route::isDirect).map(Route::action))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'action':''}", "{'action':'VAULT.GET'}", "{'action':null}"})
  void anUnknownActionIsABadRequest(String event) {
    assertRefused(
        () -> direct(Plane.VAULT, event), "action must be one of this function's actions");
  }

  @Test
  void theActionOfADirectEventIsNotTheActionThatRecordsAreFilteredBy() {
    assertThat(direct(Plane.VAULT, "{'action':'vault.logs'}").text("action")).isEmpty();
    assertThat(
            direct(Plane.VAULT, "{'action':'vault.logs','recordedAction':'vault.get'}")
                .text("action"))
        .contains("vault.get");
  }

  @Test
  void aDirectEventCarriesKeyTargetParametersAndPreconditions() {
    Request request =
        direct(
            Plane.VAULT,
            "{'action':'vault.store','key':'avk_x','label':'a','identityId':'b','limit':3,"
                + "'ifMatch':'1','ifNoneMatch':'*','nothing':null}");

    assertThat(request.bearer()).contains("avk_x");
    assertThat(request.target()).contains("a");
    assertThat(request.precondition().apply("if-match")).contains("1");
    assertThat(request.precondition().apply("if-none-match")).contains("*");
    assertThat(request.integer("limit", 1, 9, 1)).isEqualTo(3);
    assertThat(request.text("nothing")).isEmpty();
    assertThat(request.fields().text("label")).contains("a");
    assertThat(
            direct(Plane.IDENTITY, "{'action':'identity.get','identityId':'b','label':'a'}")
                .target())
        .contains("b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "label", "action"})
  void aFieldOfAnotherTypeIsABadRequest(String field) {
    String event = "{'action':'vault.get','" + field + "':7}";

    assertThatThrownBy(
            () -> direct(Plane.VAULT, event.replace("'action':'vault.get','action'", "'action'")))
        .isInstanceOf(BadRequest.class)
        .hasMessage(field + " must be a string");
  }

  @Test
  void aDirectEventIsHeldToDepthAndUnicode() {
    assertRefused(
        () ->
            direct(
                Plane.VAULT,
                "{'action':'vault.store','data':" + "[".repeat(16) + "]".repeat(16) + "}"),
        "event must be nested at most 16 deep");
    assertRefused(
        () -> direct(Plane.VAULT, "{'action':'vault.store','data':{'k':'\\udc00'}}"),
        "event must be well-formed Unicode, without a lone surrogate");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "10",
        "'0'",
        "'10'",
        "''",
        "'x'",
        "'+5'",
        "'-5'",
        "' 5'",
        "'5 '",
        "'5.0'",
        "'٥'",
        "5.0",
        "5e0",
        "true",
        "[]",
        "{}",
        "4294967301",
        "18446744073709551621",
        "'18446744073709551621'",
        "'9999999999'"
      })
  void aParameterThatIsNoWholeNumberInItsRangeIsABadRequest(String value) {
    assertRefused(
        () -> withParameter(value).integer("p", 1, 9, 3), "p must be a whole number from 1 to 9");
  }

  @Test
  void aParameterIsANumberOrItsDigits() {
    assertThat(withParameter("1").integer("p", 1, 9, 3)).isEqualTo(1);
    assertThat(withParameter("'9'").integer("p", 1, 9, 3)).isEqualTo(9);
    assertThat(withParameter("'007'").integer("p", 1, 9, 3)).isEqualTo(7);
    assertThat(withParameter("null").integer("p", 1, 9, 3)).isEqualTo(3);
  }

  @Test
  void aFlagIsTrueOrFalseOrAbsent() {
    assertThat(withParameter("true").flag("p")).isTrue();
    assertThat(withParameter("'true'").flag("p")).isTrue();
    assertThat(withParameter("false").flag("p")).isFalse();
    assertThat(withParameter("'false'").flag("p")).isFalse();
    assertThat(withParameter("null").flag("p")).isFalse();
    for (String value : new String[] {"''", "'TRUE'", "1", "[]", "'yes'"}) {
      assertRefused(() -> withParameter(value).flag("p"), "p must be true or false");
    }
  }

  @Test
  void aTextParameterOfAnotherTypeIsABadRequest() {
    assertThat(withParameter("'x'").text("p")).contains("x");
    assertRefused(() -> withParameter("7").text("p"), "p must be a string");
  }

  private static Request withParameter(String value) {
    return direct(Plane.VAULT, "{'action':'vault.list','p':" + value + "}");
  }

  private static Request direct(Plane plane, String event) {
    return DirectEvent.request(plane, Events.json(event));
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(BadRequest.class).hasMessage(message);
  }
}
