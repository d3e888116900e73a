/**
 * Access tokens on the package: renewed once however many ask and whoever dies, at authorization
 * servers of others, and nothing of a grant but its access token ever leaves.
 *
 * <p>Not here: classes of the vault, and tokens of the vault's own.
 */
@NullMarked
package io.agentvault.renewal;

import org.jspecify.annotations.NullMarked;
