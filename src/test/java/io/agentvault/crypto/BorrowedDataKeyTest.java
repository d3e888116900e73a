package io.agentvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class BorrowedDataKeyTest extends DataKeysScene {
  @Test
  void theBorrowedKeyIsWipedWhenTheBorrowerReturnsOrThrows() {
    DataKeys keys = keeping(AGE, 10);
    Agent agent = agent(1);
    List<Secret> borrowed = new ArrayList<>();
    keys.with(agent.context(), agent.wrapped(), deadline, borrowed::add);
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                keys.with(
                    agent.context(),
                    agent.wrapped(),
                    deadline,
                    key -> {
                      borrowed.add(key);
                      throw new IllegalStateException("the borrower failed");
                    }));

    assertThat(borrowed).hasSize(2).allSatisfy(DataKeysScene::assertWiped);
    assertThat(use(keys, agent)).isTrue();
  }

  @Test
  void aKeyEvictedWhileBorrowedStaysWholeForItsBorrower() {
    DataKeys keys = keeping(AGE, 1);
    Agent agent = agent(1);
    Secret expected = trueKey(agent);
    boolean whole =
        keys.with(
            agent.context(),
            agent.wrapped(),
            deadline,
            key -> {
              use(keys, agent(2));
              return RecordingUnwrapper.isWhole(key) && key.equals(expected);
            });

    assertThat(whole).isTrue();
    assertWiped(unwrapper.given(0));
  }

  @Test
  void manyThreadsEvictingEachOthersKeysNeverSeeAWipedOne() throws Exception {
    DataKeys keys = keeping(AGE, 3);
    List<Agent> agents = new ArrayList<>();
    List<Secret> expected = new ArrayList<>();
    for (int each = 0; each < 8; each++) {
      agents.add(agent(each));
      expected.add(trueKey(agents.get(each)));
    }
    int threads = 8;
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Integer>> results = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int first = thread;
        results.add(
            executor.submit(
                () -> {
                  start.await();
                  int right = 0;
                  for (int round = 0; round < 500; round++) {
                    int index = (first + round * 5) % agents.size();
                    Agent agent = agents.get(index);
                    Secret want = expected.get(index);
                    right +=
                        keys.with(agent.context(), agent.wrapped(), deadline, want::equals) ? 1 : 0;
                  }
                  return right;
                }));
      }
      start.countDown();
      for (Future<Integer> result : results) {
        assertThat(result.get()).isEqualTo(500);
      }
    }
    assertThat(unwrapper.stillWhole()).isEqualTo(3);
  }
}
