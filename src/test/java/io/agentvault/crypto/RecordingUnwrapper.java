package io.agentvault.crypto;

import io.agentvault.remote.Deadline;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Keeps hold of every data key it gives out, to see later whether it was wiped. */
final class RecordingUnwrapper implements DataKeyUnwrapper {
  private final DataKeyUnwrapper service;
  private final List<Secret> given = Collections.synchronizedList(new ArrayList<>());

  RecordingUnwrapper(DataKeyUnwrapper service) {
    this.service = service;
  }

  @Override
  public Secret unwrap(KeyContext context, byte[] wrapped, Deadline deadline) {
    Secret dataKey = service.unwrap(context, wrapped, deadline);
    given.add(dataKey);
    return dataKey;
  }

  /** The key given out as number {@code index}, from 0. */
  Secret given(int index) {
    return given.get(index);
  }

  long givenInAll() {
    return given.size();
  }

  long stillWhole() {
    return given.stream().filter(RecordingUnwrapper::isWhole).count();
  }

  static boolean isWhole(Secret key) {
    try {
      return key.expose().length == DATA_KEY_BYTES;
    } catch (IllegalStateException wiped) {
      return false;
    }
  }
}
