/** Reads {@code template.yaml} as CloudFormation does, as far as the local cloud needs it. */
@NullMarked
package io.agentvault.local.template;

import org.jspecify.annotations.NullMarked;
