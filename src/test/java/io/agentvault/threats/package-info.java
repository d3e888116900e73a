/**
 * What a security reviewer asks for: canaries, isolation, faults at the wire, tampering, abuse,
 * logs. Everything here looks at the packaged functions from outside, as a caller, an operator, a
 * thief of the table or a broken network does.
 *
 * <p>Not here: what is promised to who means well, which {@code wire} holds.
 */
@NullMarked
package io.agentvault.threats;

import org.jspecify.annotations.NullMarked;
