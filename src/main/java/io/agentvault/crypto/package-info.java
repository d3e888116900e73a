/**
 * Keys and sealing: what turns a credential into bytes that only its own vault can open.
 *
 * <p>KMS key → data key (one per identity, stored wrapped; {@link io.agentvault.crypto.DataKeys}) →
 * content key (fresh for every write) → sealed bytes ({@link io.agentvault.crypto.Envelope}).
 *
 * <p>Not here: what is sealed, who may open it, and any cipher of our own: the primitives are the
 * JDK's and KMS's.
 *
 * <h2>Envelope, version 2</h2>
 *
 * All integers are unsigned and big-endian. A clause that is not kept makes the bytes {@link
 * io.agentvault.problem.Tampered}; no clause has an error of its own. Test vectors, made by an
 * independent implementation, stand in {@code src/test/resources/vectors/envelope}.
 *
 * <h3>1 Layout</h3>
 *
 * <ul>
 *   <li><b>1.1</b> Sealed bytes are {@code version (1) || salt (32) || ciphertext (n) || tag (16)},
 *       n ≥ 0, so they are 49 bytes longer than what they hold. Fewer than 49 bytes do not open.
 *   <li><b>1.2</b> The version is the byte {@code 0x02}; {@code 0x01} is clause 6. Any other does
 *       not open, and no key is derived for it.
 * </ul>
 *
 * <h3>2 Binding</h3>
 *
 * <ul>
 *   <li><b>2.1</b> The binding is {@code 0x02 || part(agent id) || part(label) || part(credential
 *       id) || part(p)}; its first byte is the version of 1.2, which is authenticated in this way,
 *       and p says what of the credential is sealed: {@code data}, {@code metadata} or {@code
 *       access}.
 *   <li><b>2.2</b> {@code part(s)} is the length of s in bytes of UTF-8 as a 32-bit integer,
 *       followed by those bytes. No two different bindings have the same encoding.
 *   <li><b>2.3</b> A string that has no UTF-8 encoding (a lone surrogate) has no binding.
 * </ul>
 *
 * <h3>3 Content key</h3>
 *
 * <ul>
 *   <li><b>3.1</b> The data key is 32 bytes.
 *   <li><b>3.2</b> The salt is 32 bytes from a cryptographically secure source, fresh for every
 *       seal.
 *   <li><b>3.3</b> The content key is 32 bytes of HKDF-SHA256 (RFC 5869) with the data key as input
 *       keying material, the salt of 3.2 and the binding of 2.1 as info.
 * </ul>
 *
 * <h3>4 Encryption</h3>
 *
 * <ul>
 *   <li><b>4.1</b> AES-256-GCM (NIST SP 800-38D) under the content key, with a tag of 128 bits.
 *   <li><b>4.2</b> The nonce is 12 zero bytes. It may be fixed because a content key encrypts once:
 *       each seal draws its own salt, and two equal salts of 256 random bits do not happen.
 *   <li><b>4.3</b> The associated data is the binding of 2.1.
 *   <li><b>4.4</b> Nothing of the plaintext is given out before the tag has verified.
 * </ul>
 *
 * <h3>5 What it does not do</h3>
 *
 * <ul>
 *   <li><b>5.1</b> It does not hide the length of what it holds.
 *   <li><b>5.2</b> It does not notice an older seal of the same credential put back in place of a
 *       newer one: the binding has no revision. Whoever can write to the table can do that. What is
 *       sealed as data and as metadata has the revision inside, so that the seals of two writes
 *       don't pass for one.
 *   <li><b>5.3</b> It does not commit to its key as a stand-alone format would have to: data keys
 *       come from KMS only, never from whoever supplies the sealed bytes.
 * </ul>
 *
 * <h3>6 Version 1</h3>
 *
 * <ul>
 *   <li><b>6.1</b> Version 1 is read and never written: what it holds, data and metadata in one
 *       seal, is sealed in version 2 when it is next stored.
 *   <li><b>6.2</b> Its version byte is {@code 0x01} and its binding {@code 0x01 || part(agent id)
 *       || part(label) || part(credential id)}: it knows no p, and opens as {@code data} only.
 *   <li><b>6.3</b> All else is as in clauses 1 to 5.
 * </ul>
 */
@NullMarked
package io.agentvault.crypto;

import org.jspecify.annotations.NullMarked;
