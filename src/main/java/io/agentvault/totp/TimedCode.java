package io.agentvault.totp;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The code of one time step.
 *
 * @param code as it is typed: leading zeros stay
 * @param timeStep RFC 6238's T: whole periods since the epoch, negative before it
 * @param generatedAt the instant that was asked for, cut to milliseconds
 * @param expiresAt the end of the period, which is the start of the next
 * @param remainingSeconds from the second that {@code generatedAt} is in to {@code expiresAt}: 1 to
 *     {@code periodSeconds}
 * @param periodSeconds 1 to 3600
 * @param digits the number of characters of {@code code}: 6 to 8, or Steam's 5
 * @param algorithm the hash under the HMAC
 */
public record TimedCode(
    String code,
    long timeStep,
    Instant generatedAt,
    Instant expiresAt,
    int remainingSeconds,
    int periodSeconds,
    int digits,
    Algorithm algorithm) {

  static TimedCode of(String code, Otp.Timed otp, Instant instant) {
    Instant expiresAt = otp.nextStart(instant);
    return new TimedCode(
        code,
        otp.timeStep(instant),
        instant.truncatedTo(ChronoUnit.MILLIS),
        expiresAt,
        (int) (expiresAt.getEpochSecond() - instant.getEpochSecond()),
        otp.periodSeconds(),
        otp.digits(),
        otp.algorithm());
  }

  /** Without the code: until it expires it is as good as the seed. */
  @Override
  public String toString() {
    return "TimedCode[timeStep=" + timeStep + ", expiresAt=" + expiresAt + "]";
  }
}
