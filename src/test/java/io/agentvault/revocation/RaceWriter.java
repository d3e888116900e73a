package io.agentvault.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentvault.revocation.Api.Reply;
import java.util.Map;
import java.util.Set;

/** What the callers of a race do over and over, and what they may be answered while they may. */
enum RaceWriter {
  STORES_NEW_LABELS(Set.of(200)) {
    @Override
    Reply call(Api api, String key, int turn) {
      return api.store(key, "new-" + turn, Sample.LOGIN.body());
    }
  },
  STORES_OVER_A_LABEL(Set.of(200)) {
    @Override
    Reply call(Api api, String key, int turn) {
      return api.store(key, "same", Sample.LONG_PERIOD.body());
    }
  },
  STORES_OVER_IT_TOO(Set.of(200)) {
    @Override
    Reply call(Api api, String key, int turn) {
      return api.store(key, "same", Sample.OTHER_PASSWORD.body());
    }
  },
  DELETES_AND_STORES(Set.of(200)) {
    @Override
    Reply call(Api api, String key, int turn) {
      return turn % 2 == 0
          ? api.store(key, "deleted", Sample.LOGIN.body())
          : api.delete(key, Api.vault("deleted"));
    }
  },
  ASKS_UNIQUE_CODES(Set.of(200, 409)) {
    @Override
    Reply call(Api api, String key, int turn) {
      return api.get(key, Api.vault(SEED) + "/totp?unique=true");
    }
  },
  ASKS_COUNTED_CODES(Set.of(200)) {
    @Override
    Reply call(Api api, String key, int turn) {
      return api.post(key, Api.vault(COUNTER) + "/totp", Api.object());
    }
  },
  ASKS_COUNTED_CODES_TOO(Set.of(200)) {
    @Override
    Reply call(Api api, String key, int turn) {
      return api.post(key, Api.vault(COUNTER) + "/totp", Api.object());
    }
  },
  USES_BACKUP_CODES(Set.of(200)) {
    @Override
    Reply call(Api api, String key, int turn) {
      return api.post(key, Api.vault(BACKUP) + "/totp/backup", Api.object());
    }
  };

  /** The label of a seed whose codes last a second, so that a race hands out several. */
  static final String SEED = "seed";

  static final String COUNTER = "counter";
  static final String BACKUP = "backup";
  private static final int BACKUP_CODES = 200;

  private final Set<Integer> allowed;

  RaceWriter(Set<Integer> allowed) {
    this.allowed = allowed;
  }

  /** The next call of a caller that had {@code turn} answers before. */
  abstract Reply call(Api api, String key, int turn);

  /** What it may be answered while its key works. */
  boolean allows(int status) {
    return allowed.contains(status);
  }

  /** Stores what the callers need. */
  static void prepare(Api api, String key) {
    var seed = Sample.SEED.body();
    seed.withObject("data").put("period", 1);
    var backup = Sample.EMPTY.body();
    var codes = backup.withObject("data").putArray("backupCodes");
    for (int number = 0; number < BACKUP_CODES; number++) {
      codes.add("backup-" + number);
    }
    Map.of(SEED, seed, COUNTER, Sample.COUNTER.body(), BACKUP, backup)
        .forEach((label, body) -> assertThat(api.store(key, label, body).status()).isEqualTo(200));
  }
}
