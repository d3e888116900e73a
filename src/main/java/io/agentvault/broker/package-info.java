/**
 * Use without holding: the vault makes a call with a credential that its caller never sees. What
 * may be called, how the secret is put in, the guarded client, and what is taken out of answers.
 *
 * <p>Not here: storage, and the wire of our own calls.
 */
@NullMarked
package io.agentvault.broker;

import org.jspecify.annotations.NullMarked;
