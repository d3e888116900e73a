/**
 * Who an agent is and how it proves it: identities, agent keys, child tokens, scopes, operator
 * tokens, and the lifecycle from creation to revocation, which destroys the vault in the same
 * operation.
 *
 * <p>Not here: what is in a vault. A revocation deletes it without a look.
 *
 * <h2>Child token, version 1</h2>
 *
 * All integers are unsigned and big-endian. What breaks a clause is {@link
 * io.agentvault.problem.Unauthorized}, the same as a wrong agent key; no clause has an error of its
 * own. Test vectors, made by an independent implementation, stand in {@code
 * src/test/resources/vectors/token}.
 *
 * <h3>1 Text</h3>
 *
 * <ul>
 *   <li><b>1.1</b> A token is {@code avt_ || agent id (26) || _ || base64url(body || mac)}, without
 *       padding (RFC 4648 §5).
 *   <li><b>1.2</b> One value has one spelling: unused bits of the last character are zero.
 *   <li><b>1.3</b> A longer text than the longest body makes is not read at all.
 * </ul>
 *
 * <h3>2 Body</h3>
 *
 * <ul>
 *   <li><b>2.1</b> The version, the byte {@code 0x01}.
 *   <li><b>2.2</b> A byte of bits: {@code 0x01} vault:read, {@code 0x02} vault:write, {@code 0x04}
 *       vault:totp, {@code 0x08} vault:use, {@code 0x80} there is a parent. The others are zero.
 *   <li><b>2.3</b> The generation (4): how many keys the identity had before the one that the token
 *       comes from.
 *   <li><b>2.4</b> The expiry (6), in milliseconds since 1970-01-01T00:00:00Z.
 *   <li><b>2.5</b> The token's id (16), random.
 *   <li><b>2.6</b> The id (16) of the token that it was made from, if there is a parent.
 *   <li><b>2.7</b> The number of labels (1), 1 to 20, and each: a byte that is the length of a
 *       label less 1, or {@code 0x80} plus the length, 0 to 127, of what labels begin with; then
 *       its ASCII characters. None is within another.
 *   <li><b>2.8</b> Nothing follows.
 * </ul>
 *
 * <h3>3 MAC</h3>
 *
 * <ul>
 *   <li><b>3.1</b> HMAC-SHA256 (32) over {@code verifier (32) || agent id (26) || body}. The
 *       verifier is the SHA-256 of the agent key that the token comes from: a token is of one key,
 *       whatever becomes of the count in 2.3.
 *   <li><b>3.2</b> Its key is 32 bytes of HKDF-SHA256 over the identity's data key, with no salt
 *       and the info {@code agent-vault child token 1 generation <n>}, n in decimal.
 * </ul>
 *
 * <h3>4 Proof</h3>
 *
 * <ul>
 *   <li><b>4.1</b> In this order: the text is one; the identity is read; it has not expired; a key
 *       of its generation is the current one, or the previous one within its grace; the MAC is
 *       right. Nothing is unwrapped before the last.
 *   <li><b>4.2</b> What its bearer may do is what the token says and the identity's scopes still
 *       allow, until the token or its key ends.
 *   <li><b>4.3</b> A token made from another is within it: the limits of all on the way are in the
 *       last one.
 * </ul>
 *
 * <h3>5 What it does not do</h3>
 *
 * <ul>
 *   <li><b>5.1</b> No list is kept: one token can't be ended alone before its expiry.
 *   <li><b>5.2</b> It hides nothing that it says.
 * </ul>
 */
@NullMarked
package io.agentvault.identity;

import org.jspecify.annotations.NullMarked;
