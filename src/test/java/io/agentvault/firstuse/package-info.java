/**
 * The first things that a user does, on the packaged functions in the local cloud.
 *
 * <p>Not here: classes of the vault, faults, and corner cases.
 */
@NullMarked
package io.agentvault.firstuse;

import org.jspecify.annotations.NullMarked;
