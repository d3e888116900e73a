package io.agentvault.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentvault.crypto.Signer;
import io.agentvault.problem.Unavailable;
import io.agentvault.remote.Deadline;

/** Signs what is said of a revocation, and with it the agent's last checkpoint. */
public final class Notary {
  private final Checkpoints checkpoints;
  private final Signer signer;
  private final ObjectMapper json;

  /**
   * @param checkpoints of the agents' records
   * @param json writes what is signed
   */
  public Notary(Checkpoints checkpoints, Signer signer, ObjectMapper json) {
    this.checkpoints = checkpoints;
    this.signer = signer;
    this.json = json;
  }

  /**
   * A compact JWS (Evidence §5).
   *
   * @throws Unavailable when the checkpoint or the signature couldn't be had
   */
  public String sign(ReceiptStatement statement, Deadline deadline) {
    String text = statement.text(checkpoints.last(statement.agent(), deadline), json);
    return signer.sign(ReceiptStatement.TYPE, text, deadline);
  }
}
