/**
 * What proves what an agent did: records, the running hash over them, and checkpoints that put that
 * hash under a signature.
 *
 * <p>Not here: who may read what, and anything that is secret. It does not know whose calls it
 * writes down but by the names that it is given.
 *
 * <h2>Evidence, version 1</h2>
 *
 * Every hash is SHA-256, written as 64 lower-case hexadecimal digits. Texts are hashed as UTF-8.
 * {@code ⏎} is one byte, 0x0A. Test vectors, made by an independent implementation, stand in {@code
 * src/test/resources/vectors/evidence}.
 *
 * <h3>1 Record</h3>
 *
 * <ul>
 *   <li><b>1.1</b> A record is one JSON object on one line, stored as one string. What is hashed is
 *       that string, never a rendering of it.
 *   <li><b>1.2</b> Its key is {@code <time>#<requestId>#<n>}: the time in UTC with three digits of
 *       a second, so that keys sort as times; n tells a request's records apart. The object's
 *       {@code id} is the key, {@code agent} whose it is, {@code keptUntil} the item's {@code ttl}
 *       in seconds since 1970.
 *   <li><b>1.3</b> It holds no value of a credential, no key, no token and no query string.
 * </ul>
 *
 * <h3>2 Running hash</h3>
 *
 * <ul>
 *   <li><b>2.1</b> h(0) is the hash of {@code agent-vault evidence 1⏎<agentId>⏎}.
 *   <li><b>2.2</b> h(n) is the hash of {@code <h(n-1)>⏎<key>⏎<record>⏎}. Neither key nor record has
 *       a line break in it, so no two different sequences are hashed from the same bytes.
 *   <li><b>2.3</b> Records are taken in the order of the table's stream, which is the order of a
 *       checkpoint's {@code records}, not that of their keys.
 * </ul>
 *
 * <h3>3 Head</h3>
 *
 * <ul>
 *   <li><b>3.1</b> A head is one JSON object on one line: {@code agent}, {@code checkpoint} (its
 *       number, from 1, without a gap), {@code at}, {@code records} (how many were hashed from the
 *       first on), {@code hash} (the running hash), {@code previous} (the hash of the head before
 *       it; empty in the first), {@code findings}.
 *   <li><b>3.2</b> A finding says that a record or checkpoint was {@code changed}, {@code removed},
 *       {@code out of time} (its key's time is not that of its writing), {@code short-lived} or
 *       {@code unreadable}: its {@code key}, and the {@code event} of the stream that told so.
 *   <li><b>3.3</b> A record is short-lived when it is kept for less than the retention. While the
 *       retention is being raised, records that were made before are held to what held before: to
 *       what all records of the agent's last checkpoint were kept for at least, or to a day in its
 *       first.
 *   <li><b>3.4</b> What stands in a checkpoint's place and can't be read is passed over: the head
 *       after it has the next number, follows the last head that can be read, and has a finding.
 * </ul>
 *
 * <h3>4 Tree and signature</h3>
 *
 * <ul>
 *   <li><b>4.1</b> The leaves of a tree are the heads of one batch, 1,024 at most. Leaf and node
 *       are hashed as in RFC 9162 §2.1.1: {@code 0x00 || head} and {@code 0x01 || left || right}.
 *   <li><b>4.2</b> A path is that of RFC 9162 §2.1.3.1: the leaf's {@code index}, the tree's {@code
 *       size}, and {@code hashes} from the leaf upwards.
 *   <li><b>4.3</b> {@code signed} is a compact JWS under ES256 of type {@code
 *       agent-vault-checkpoint+jws}, whose payload is {@code {"root":…,"size":…,"at":…}}.
 * </ul>
 *
 * <h3>5 Receipt</h3>
 *
 * <ul>
 *   <li><b>5.1</b> {@code signed} of a receipt is a compact JWS under ES256 of type {@code
 *       agent-vault-receipt+jws}. Its payload has the receipt's fields that are final: {@code
 *       identityId}, {@code tenant}, {@code revokedBy}, {@code revokedAt}, {@code keyDestroyed},
 *       {@code recoverableUntil}, {@code complete}; and, when that is true, {@code
 *       credentialsDestroyed} and {@code accessTokensValidUntil}.
 *   <li><b>5.2</b> {@code log} is the last checkpoint of the identity when it was signed: {@code
 *       checkpoint}, {@code records} and {@code hash} as in its head, and {@code head}, the hash of
 *       that head; null when there was none. It puts the records up to there under the receipt's
 *       signature too.
 *   <li><b>5.3</b> A receipt that was signed before all was counted is signed anew when it is next
 *       asked for and complete, and never again.
 * </ul>
 *
 * <h3>6 What it does not prove</h3>
 *
 * <ul>
 *   <li><b>6.1</b> That a record tells the truth: who may put records may put a false one that is
 *       in time. CloudTrail's data events name who put it.
 *   <li><b>6.2</b> Anything against whoever holds both the table and the signing key: they can
 *       write another history and sign it. A checkpoint kept elsewhere contradicts it.
 *   <li><b>6.3</b> Anything about records younger than the last checkpoint.
 *   <li><b>6.4</b> Anything beyond the retention: a chain whose last checkpoint expired begins
 *       anew.
 * </ul>
 */
@NullMarked
package io.agentvault.evidence;

import org.jspecify.annotations.NullMarked;
