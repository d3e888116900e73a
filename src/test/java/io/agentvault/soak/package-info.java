/**
 * Mixed load for a long time, with faults on, and every answer checked: {@code scripts/soak}.
 *
 * <p>Not here: what one call shows.
 */
@NullMarked
package io.agentvault.soak;

import org.jspecify.annotations.NullMarked;
