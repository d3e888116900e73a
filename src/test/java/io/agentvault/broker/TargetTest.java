package io.agentvault.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentvault.problem.BadRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  @ParameterizedTest
  @CsvSource({
    "https://api.example.com, https://api.example.com/",
    "HTTPS://API.Example.COM/A, https://api.example.com/A",
    "https://api.example.com:443/a, https://api.example.com/a",
    "https://api.example.com:8443/a, https://api.example.com:8443/a",
    "http://127.0.0.1:9000/a?b=c, http://127.0.0.1:9000/a?b=c",
    "http://127.0.0.1/a, http://127.0.0.1/a",
    "https://a.example?x=/../y, https://a.example/?x=/../y",
    "https://a.example/%7Euser/%61, https://a.example/~user/a",
    "https://a.example/%c3%a9, https://a.example/%C3%A9",
    "https://a.example/a%20b/, https://a.example/a%20b/",
    "https://a.example/AZaz09-._~, https://a.example/AZaz09-._~",
    "https://a.example/%41%5A%61%7A%30%39%2D%2E%5F%7E, https://a.example/AZaz09-._~",
    "https://a.example/%40%5b%60%7b%3a%80, https://a.example/%40%5B%60%7B%3A%80",
    "https://a.example/a:b@c!$&'()*+=, https://a.example/a:b@c!$&'()*+="
  })
  void aUrlHasOneForm(String url, String normal) {
    Target target = Target.parse(url);
    assertThat(target.url()).isEqualTo(normal);
    assertThat(Target.parse(target.url())).isEqualTo(target);
  }

  @Test
  void aUrlIsAtMost8192CharactersLong() {
    String longest = "https://a.example/" + "a".repeat(8_192 - 18);
    assertThat(Target.parse(longest).url()).isEqualTo(longest);
    assertThatThrownBy(() -> Target.parse(longest + "a"))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("8192");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://a.example/",
        "//a.example/",
        "a.example",
        "https:a.example",
        "https:///a",
        "https://",
        "https://user@a.example/",
        "https://user:pass@a.example/",
        "https://allowed.example@evil.example/",
        "https://allowed.example\\@evil.example/",
        "https://a.example/#fragment",
        "https://a.example./",
        "https://*.example.com/",
        "https://bücher.example/",
        "https://a.example:/",
        "https://a.example:0/",
        "https://a.example:99999/",
        "https://a.example:443:443/",
        "https://0177.0.0.1/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://127.1/",
        "https://127.0.0.1./",
        "https://127.000.000.001/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://a.example/../b",
        "https://a.example/a/./b",
        "https://a.example/a/..",
        "https://a.example/%2e%2e/b",
        "https://a.example/.%2E/b",
        "https://a.example/a//b",
        "https://a.example//a",
        "https://a.example/a%2fb",
        "https://a.example/a%5cb",
        "https://a.example/a\\b",
        "https://a.example/%252e%252e/",
        "https://a.example/%00",
        "https://a.example/%0d%0aX:y",
        "https://a.example/%7f",
        "https://a.example/%",
        "https://a.example/%4",
        "https://a.example/%zz",
        "https://a.example/a;b",
        "https://a.example/..;/b",
        "https://a.example/a%3bb",
        "https://a.example/a b",
        "https://a.example/a\tb",
        "https://a.example/a\nb",
        "https://a.example/a|b",
        "https://a.example/?a b"
      })
  void whatCouldBeReadInTwoWaysIsRefusedAndNotRepeated(String url) {
    assertThatThrownBy(() -> Target.parse(url))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("url")
        .message()
        .doesNotContain("evil");
  }
}
