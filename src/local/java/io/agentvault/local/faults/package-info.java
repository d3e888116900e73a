/**
 * The wire between functions and services: every call written down, and made to go wrong on demand.
 */
@NullMarked
package io.agentvault.local.faults;

import org.jspecify.annotations.NullMarked;
