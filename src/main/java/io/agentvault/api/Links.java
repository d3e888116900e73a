package io.agentvault.api;

import io.agentvault.problem.BadRequest;
import java.util.Optional;

/**
 * Where humans reach this deployment.
 *
 * @param publicUrl what it is called from outside, without a slash at its end; empty for the name
 *     under which a request came
 */
public record Links(Optional<String> publicUrl) {
  private static final String DEPOSIT_PAGE = "/deposit";

  /**
   * The page on which a deposit is handed in.
   *
   * @throws BadRequest when nobody knows what it is called
   */
  String depositPage(Request request) {
    return publicUrl
            .or(() -> request.http().flatMap(HttpEvent::base))
            .orElseThrow(
                () ->
                    new BadRequest(
                        "PublicUrl", "must be set for the deployment to be asked directly"))
        + DEPOSIT_PAGE;
  }
}
