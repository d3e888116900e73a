/**
 * Who an agent is and how it proves it: identities, agent keys, scopes, operator tokens, and the
 * lifecycle from creation to revocation, which destroys the vault in the same operation.
 */
@NullMarked
package io.agentvault.identity;

import org.jspecify.annotations.NullMarked;
