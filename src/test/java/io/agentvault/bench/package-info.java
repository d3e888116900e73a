/**
 * What {@code scripts/bench} runs: the packaged functions measured on the local cloud, against the
 * least function that makes the same AWS calls (the floor) and a Go function that answers the same
 * (the peer). Figures are counts, or ratios of two things measured in the same run, because
 * absolute times on a shared machine mean little.
 *
 * <p>Not here: what must hold, which is a count in a test.
 */
@NullMarked
package io.agentvault.bench;

import org.jspecify.annotations.NullMarked;
