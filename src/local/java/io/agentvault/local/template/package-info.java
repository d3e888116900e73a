/**
 * Reads {@code template.yaml} as CloudFormation does, as far as the local cloud needs it.
 *
 * <p>Not here: judging a policy, which is a test's.
 */
@NullMarked
package io.agentvault.local.template;

import org.jspecify.annotations.NullMarked;
