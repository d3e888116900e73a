/**
 * The wire contract, held against the deployed artifact: {@code infra/openapi.yaml} is what is
 * promised, and every promise is called in over HTTP and by direct invocation.
 *
 * <p>Not here: attacks, and what is left in a table.
 */
@NullMarked
package io.agentvault.wire;

import org.jspecify.annotations.NullMarked;
