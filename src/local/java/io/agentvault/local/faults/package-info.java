/**
 * The wire between functions and services: every call written down, and made to go wrong on demand.
 *
 * <p>Not here: what a service answers by itself.
 */
@NullMarked
package io.agentvault.local.faults;

import org.jspecify.annotations.NullMarked;
