/** The local cloud. */
@NullMarked
package io.agentvault.localcloud;

import org.jspecify.annotations.NullMarked;
