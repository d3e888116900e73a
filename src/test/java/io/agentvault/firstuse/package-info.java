/** The first things that a user does, on the packaged functions in the local cloud. */
@NullMarked
package io.agentvault.firstuse;

import org.jspecify.annotations.NullMarked;
