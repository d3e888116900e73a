/**
 * A working table in memory behind the SDK's own interface, for the true adapters to run on.
 *
 * <p>Not here: what stands on DynamoDB itself to be true, which {@code standins} holds.
 */
@NullMarked
package io.agentvault.identity.table;

import org.jspecify.annotations.NullMarked;
