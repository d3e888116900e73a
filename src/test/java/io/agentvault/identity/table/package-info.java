/** A working table in memory behind the SDK's own interface, for the true adapters to run on. */
@NullMarked
package io.agentvault.identity.table;

import org.jspecify.annotations.NullMarked;
