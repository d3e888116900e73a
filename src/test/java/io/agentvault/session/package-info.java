/** The first things that a user does, on the packaged functions in the local cloud. */
@NullMarked
package io.agentvault.session;

import org.jspecify.annotations.NullMarked;
