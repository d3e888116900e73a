package io.agentvault.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.agentvault.remote.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Supplier;

/** What the functions that a table's stream feeds have in common. */
abstract class StreamHandler implements RequestStreamHandler, Preparable {
  private final Wiring wiring;
  private final Once<Batches> batches;

  StreamHandler(Wiring wiring, Supplier<Batches> batches) {
    this.wiring = wiring;
    this.batches = new Once<>(batches);
  }

  /** Deals with an event's records, and answers which of them are to come again. */
  @FunctionalInterface
  interface Batches {
    byte[] take(byte[] event, String invocationId, Deadline deadline);
  }

  @Override
  public void prepare() {
    batches.get();
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    output.write(
        batches
            .get()
            .take(
                input.readAllBytes(),
                context.getAwsRequestId(),
                Invocation.deadline(context, wiring.clock())));
  }
}
