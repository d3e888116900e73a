/** Mixed load for a long time, with faults on, and every answer checked: {@code scripts/soak}. */
@NullMarked
package io.agentvault.trust.soak;

import org.jspecify.annotations.NullMarked;
