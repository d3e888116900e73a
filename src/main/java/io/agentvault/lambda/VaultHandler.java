package io.agentvault.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.agentvault.api.Endpoint;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The data plane: agents, their keys and their credentials. */
@Named("vault")
@Singleton
public final class VaultHandler implements RequestStreamHandler {
  private final Wiring wiring;
  private final Once<Endpoint> endpoint;

  VaultHandler(Wiring wiring) {
    this.wiring = wiring;
    this.endpoint = new Once<>(wiring::vault);
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
