package io.agentvault.local.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.local.host.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EventPatternTest {
  private static final String RECORD =
      "{'eventName':'REMOVE','dynamodb':{'Keys':{'sk':{'S':'IDENTITY'},'n':{'N':'1'}}}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {'eventName':['REMOVE']}                                                    | true
          {'eventName':['INSERT','REMOVE']}                                           | true
          {'eventName':['INSERT']}                                                    | false
          {'eventName':['REMOVE'],'dynamodb':{'Keys':{'sk':{'S':['IDENTITY']}}}}      | true
          {'eventName':['REMOVE'],'dynamodb':{'Keys':{'sk':{'S':['RECEIPT']}}}}       | false
          {'eventName':['INSERT'],'dynamodb':{'Keys':{'sk':{'S':['IDENTITY']}}}}      | false
          {'dynamodb':{'Keys':{'sk':{'S':[{'prefix':'IDENT'}]}}}}                     | true
          {'dynamodb':{'Keys':{'sk':{'S':[{'prefix':'CRED'}]}}}}                      | false
          {'dynamodb':{'Keys':{'sk':{'S':[{'anything-but':['IDENTITY']}]}}}}          | false
          {'userIdentity':{'type':[{'exists':false}]}}                                | true
          {'dynamodb':{'Keys':{'sk':{'S':[{'exists':true}]}}}}                        | true
          {'dynamodb':{'NewImage':{'a':{'S':['x']}}}}                                 | false
          """)
  void aPatternAcceptsWhatItDescribes(String pattern, boolean accepted) {
    assertThat(
            EventPattern.accepts(
                List.of(Json.read(pattern.replace('\'', '"'))),
                Json.read(RECORD.replace('\'', '"'))))
        .isEqualTo(accepted);
  }

  @Test
  void withoutPatternsEverythingIsAccepted() {
    assertThat(EventPattern.accepts(List.of(), Json.read("{}"))).isTrue();
  }
}
