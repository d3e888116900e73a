/**
 * What every call to DynamoDB and KMS has in common: a deadline taken from the invocation, and the
 * one place that turns a fault into {@link io.agentvault.problem.Unavailable}, so that a fault is
 * never read as an absence.
 *
 * <p>Not here: what an item means, and repeating what is not safe to repeat.
 */
@NullMarked
package io.agentvault.remote;

import org.jspecify.annotations.NullMarked;
