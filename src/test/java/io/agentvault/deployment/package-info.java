/**
 * Reads the template and the policies as AWS does, and holds them: what each role may do, what each
 * function is told, what a deployment leaves in an account.
 *
 * <p>Not here: what a function answers.
 */
@NullMarked
package io.agentvault.deployment;

import org.jspecify.annotations.NullMarked;
