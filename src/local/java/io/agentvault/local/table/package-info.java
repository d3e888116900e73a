/**
 * DynamoDB Local, the template's tables in it, and the streams that feed functions.
 *
 * <p>Not here: a table of our own making: what DynamoDB does, AWS's own DynamoDB Local does.
 */
@NullMarked
package io.agentvault.local.table;

import org.jspecify.annotations.NullMarked;
