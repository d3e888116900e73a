/** An identity from its creation to what is left when it is gone, on the packaged functions. */
@NullMarked
package io.agentvault.revocation;

import org.jspecify.annotations.NullMarked;
