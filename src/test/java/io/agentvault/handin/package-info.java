/**
 * Agents ask and humans hand secrets in: MCP's conformance suite and its official clients, the
 * deposit page in a real browser, sign-in at an issuer of others, and that nothing of link or
 * secret stays behind. What others wrote is used where it is installed.
 *
 * <p>Not here: classes of the vault; what a use does once the secret is there.
 */
@NullMarked
package io.agentvault.handin;

import org.jspecify.annotations.NullMarked;
