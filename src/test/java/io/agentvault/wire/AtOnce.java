package io.agentvault.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many callers, none of whom waits for another. */
final class AtOnce {
  private AtOnce() {}

  static List<Answer> call(int callers, Callable<Answer> call) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> pending = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        pending.add(threads.submit(call));
      }
      List<Answer> answers = new ArrayList<>();
      for (Future<Answer> each : pending) {
        answers.add(each.get());
      }
      return answers;
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
