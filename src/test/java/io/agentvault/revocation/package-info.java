/**
 * An identity from its creation to what is left when it is gone, on the packaged functions.
 *
 * <p>Not here: classes of the vault: only calls, as an agent and an operator make them.
 */
@NullMarked
package io.agentvault.revocation;

import org.jspecify.annotations.NullMarked;
