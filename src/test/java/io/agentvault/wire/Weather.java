package io.agentvault.wire;

import io.agentvault.local.faults.Fault;
import io.agentvault.local.faults.FaultRule;
import io.agentvault.local.faults.WireTap;
import java.util.Optional;

/** How the services behind the vault are doing while a call is made. */
enum Weather {
  FAIR {
    @Override
    Optional<FaultRule> begin(WireTap tap) {
      return Optional.empty();
    }
  },
  /** DynamoDB answers 500 to everything. */
  STORAGE_DOWN {
    @Override
    Optional<FaultRule> begin(WireTap tap) {
      return all(tap, "dynamodb", Fault.dynamoError("InternalServerError"));
    }
  },
  /** DynamoDB refuses the request itself, which only a defect of ours can bring about. */
  STORAGE_REFUSES {
    @Override
    Optional<FaultRule> begin(WireTap tap) {
      return all(tap, "dynamodb", Fault.dynamoError("ValidationException"));
    }
  },
  /** KMS answers 500 to everything. */
  KEY_SERVICE_DOWN {
    @Override
    Optional<FaultRule> begin(WireTap tap) {
      return all(tap, "kms", Fault.kmsError("KMSInternalException"));
    }
  },
  /** Whatever condition a write has, it does not hold, however often it is tried. */
  OTHERS_ARE_FASTER {
    @Override
    Optional<FaultRule> begin(WireTap tap) {
      return Optional.of(
          tap.fault(
              call -> call.request().toString().contains("SET scopes"),
              Fault.transactionCanceled("ConditionalCheckFailed", "None"),
              FaultRule.Times.ALWAYS));
    }
  };

  /** Makes it so, until the rule is removed. */
  abstract Optional<FaultRule> begin(WireTap tap);

  private static Optional<FaultRule> all(WireTap tap, String service, Fault fault) {
    return Optional.of(
        tap.fault(call -> call.service().equals(service), fault, FaultRule.Times.ALWAYS));
  }
}
