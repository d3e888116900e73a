/**
 * That SDKs of others, as they are published, do their main call through the proxy form when they
 * are given a base URL and the vault's key. The SDKs are no dependency of this repository: what is
 * not installed is skipped, and says so.
 *
 * <p>Not here: classes of the vault, and clients of our own writing.
 */
@NullMarked
package io.agentvault.sdks;

import org.jspecify.annotations.NullMarked;
