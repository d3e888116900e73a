/**
 * Lambda: instances of the packaged functions, their environment, the Runtime API that feeds them
 * and the Invoke API that callers use.
 *
 * <p>Not here: HTTP APIs, streams, tables and keys.
 */
@NullMarked
package io.agentvault.local.runtime;

import org.jspecify.annotations.NullMarked;
