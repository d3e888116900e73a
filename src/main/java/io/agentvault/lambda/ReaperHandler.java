package io.agentvault.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.agentvault.api.StreamEvent;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Finishes every revocation: fed by the table's stream, it empties what is left of a vault. */
@Named("reaper")
@Singleton
public final class ReaperHandler implements RequestStreamHandler {
  private final Wiring wiring;
  private final Once<StreamEvent> removals;

  ReaperHandler(Wiring wiring) {
    this.wiring = wiring;
    this.removals = new Once<>(wiring::reaper);
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    output.write(
        removals
            .get()
            .finishAll(
                input.readAllBytes(),
                context.getAwsRequestId(),
                Invocation.deadline(context, wiring.clock())));
  }
}
