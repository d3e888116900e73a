/**
 * The five functions of the one binary, their configuration, and how they are put together.
 *
 * <p>Not here: what a call means, or how it is answered. Clock, randomness and output are made here
 * and handed down.
 */
@NullMarked
package io.agentvault.lambda;

import org.jspecify.annotations.NullMarked;
