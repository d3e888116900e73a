/**
 * A KMS that truly encrypts and checks the context, and the key of the operators that sign in here.
 */
@NullMarked
package io.agentvault.local.keys;

import org.jspecify.annotations.NullMarked;
