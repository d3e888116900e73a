/**
 * Humans hand secrets in: the deposit page in a real browser, sign-in at an issuer of others, and
 * that nothing of link or secret stays behind.
 */
@NullMarked
package io.agentvault.handin;

import org.jspecify.annotations.NullMarked;
