/**
 * What can go wrong, as one sealed family. Every failure that leaves the vault is one of these; the
 * class name is the stable error type of a direct invocation and the code is the {@code error} of
 * an HTTP answer.
 *
 * <p>Not here: anything that fails. A message names a field and a rule, never a value.
 */
@NullMarked
package io.agentvault.problem;

import org.jspecify.annotations.NullMarked;
