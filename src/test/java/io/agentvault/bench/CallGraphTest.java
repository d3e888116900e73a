package io.agentvault.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CallGraphTest {
  /** In callgrind's format: main calls a twice and b once, a calls itself and c. */
  private static final List<String> LINES =
      """
      version: 1
      events: Ir

      ob=(1) /vault
      fl=(1) ???
      fn=(3) c
      0 5

      fn=(2) a
      0 20
      cfn=(4) a'2
      calls=7 0
      0 10
      cfn=(3)
      calls=3 0
      0 5

      fn=(4)
      0 10

      fn=(1) main
      0 3
      cfn=(2)
      calls=2 0
      0 40
      cfn=(5) b
      calls=1 0
      0 1

      fn=(5)
      0 1

      totals: 91
      """
          .lines()
          .toList();

  private final CallGraph graph = CallGraph.read(LINES);

  @Test
  void aFunctionStandsBehindWhoCallsIt() {
    assertThat(graph.depthFirst()).containsExactly("main", "a", "c", "b");
  }

  @Test
  void callsAreCountedThoseByItselfToo() {
    assertThat(graph.calls()).isEqualTo(Map.of("a", 9L, "b", 1L, "c", 3L));
    assertThat(graph.calledAtLeast(3)).containsExactly("a", "c");
  }

  @Test
  void whatOnlyCallsItselfIsThereToo() {
    assertThat(CallGraph.read(List.of("fn=(1) a", "cfn=(1)", "calls=1 0")).depthFirst())
        .containsExactly("a");
  }

  @Test
  void joinedListsHaveEachFunctionWhereItIsFirst() {
    assertThat(CallGraph.joined(List.of(List.of("b", "a"), List.of("a", "c"))))
        .containsExactly("b", "a", "c");
  }
}
