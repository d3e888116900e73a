/** The five functions of the one binary, their configuration, and how they are put together. */
@NullMarked
package io.agentvault.lambda;

import org.jspecify.annotations.NullMarked;
