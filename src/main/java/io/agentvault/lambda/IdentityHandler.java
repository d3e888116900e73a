package io.agentvault.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.agentvault.api.Endpoint;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The control plane: operators and their identities. */
@Named("identity")
@Singleton
public final class IdentityHandler implements RequestStreamHandler {
  private final Wiring wiring;
  private final Once<Endpoint> endpoint;

  IdentityHandler(Wiring wiring) {
    this.wiring = wiring;
    this.endpoint = new Once<>(wiring::identity);
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
