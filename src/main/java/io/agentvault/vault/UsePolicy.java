package io.agentvault.vault;

import io.agentvault.problem.BadRequest;
import java.util.List;
import java.util.Optional;

/**
 * Where a credential may be used, how its secret is put in, and whether its data can be read at
 * all. Hosts that may be reached and hosts that get the secret are the same list.
 *
 * @param reveal whether {@code get} answers the data
 * @param allow where it may be used; empty for nowhere
 * @param as how the secret is put in; empty where it is used nowhere
 */
public record UsePolicy(boolean reveal, List<Allowed> allow, Optional<Injection> as) {
  /** What holds for a credential without a policy: readable, used nowhere. */
  public static final UsePolicy NONE = new UsePolicy(true, List.of(), Optional.empty());

  public UsePolicy {
    allow = List.copyOf(allow);
  }

  /**
   * Whether it allows nothing that {@code before} did not, in the same way: what a store that
   * leaves a value in place may ask for.
   */
  public boolean isNoLooserThan(UsePolicy before) {
    return (before.reveal || !reveal)
        && (allow.isEmpty() || as.equals(before.as))
        && allow.stream().allMatch(each -> before.allow.stream().anyMatch(it -> it.covers(each)));
  }

  /**
   * Holds the policy to the operator's ceiling.
   *
   * @param ceiling the hosts that a deployment allows at most; empty for all
   * @throws BadRequest naming the entry that is beyond
   */
  public void checkWithin(List<HostPattern> ceiling) {
    for (int i = 0; i < allow.size() && !ceiling.isEmpty(); i++) {
      HostPattern host = allow.get(i).host();
      if (ceiling.stream().noneMatch(each -> each.covers(host))) {
        throw new BadRequest(
            "use.allow[" + i + "].host", "must be among the hosts that this deployment allows");
      }
    }
  }
}
