package io.agentvault.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.agentvault.api.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Supplier;

/** What the functions that answer calls have in common: an endpoint, made once. */
abstract class EndpointHandler implements RequestStreamHandler, Preparable {
  private final Wiring wiring;
  private final Once<Endpoint> endpoint;

  EndpointHandler(Wiring wiring, Supplier<Endpoint> endpoint) {
    this.wiring = wiring;
    this.endpoint = new Once<>(endpoint);
  }

  @Override
  public void prepare() {
    endpoint.get();
    wiring.practise();
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    output.write(
        endpoint
            .get()
            .answer(
                input, context.getAwsRequestId(), Invocation.deadline(context, wiring.clock())));
  }
}
