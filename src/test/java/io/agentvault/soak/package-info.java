/** Mixed load for a long time, with faults on, and every answer checked: {@code scripts/soak}. */
@NullMarked
package io.agentvault.soak;

import org.jspecify.annotations.NullMarked;
