/**
 * A KMS that truly encrypts and checks the context, and the key of the operators that sign in here.
 *
 * <p>Not here: who may use a key, which is the template's policies and {@code deployment}'s to
 * judge.
 */
@NullMarked
package io.agentvault.local.keys;

import org.jspecify.annotations.NullMarked;
