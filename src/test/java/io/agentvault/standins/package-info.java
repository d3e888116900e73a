/**
 * What the vault relies on in DynamoDB and KMS, as one suite for each, run on several servers: the
 * local ones of this project, and ones that we did not write. The same suite passing on those is
 * what says that ours are true.
 *
 * <p>Not here: what the vault does with them.
 */
@NullMarked
package io.agentvault.standins;

import org.jspecify.annotations.NullMarked;
