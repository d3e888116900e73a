/**
 * One-time codes: pure functions of seed, settings and instant (or counter). Nothing here reads a
 * clock, a locale or a time zone, and nothing is random.
 *
 * <ul>
 *   <li>HOTP: RFC 4226. TOTP: RFC 6238, with T0 = 0 (the Unix epoch).
 *   <li>{@code otpauth://}: the <a
 *       href="https://github.com/google/google-authenticator/wiki/Key-Uri-Format">Key Uri
 *       Format</a>, read tolerantly; {@code encoder=steam} is KeePassXC's, {@code steam://}
 *       Bitwarden's.
 *   <li>Seeds: base32 of RFC 4648, section 6.
 * </ul>
 *
 * <p>All input that is refused is refused with a {@link io.agentvault.problem.BadRequest} that
 * names the field and the rule, and never repeats the input.
 *
 * <p>Not here: storage, and which codes were given out.
 */
@NullMarked
package io.agentvault.totp;

import org.jspecify.annotations.NullMarked;
