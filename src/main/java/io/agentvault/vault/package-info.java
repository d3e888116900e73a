/**
 * A vault and its credentials: what an agent does with them, the rules of each credential type, and
 * where they are kept. The partition of every call is that of the agent whose key was verified.
 *
 * <p>What is sealed is JSON, because what a caller stores is JSON and is to come back as it was.
 *
 * <p>Not here: calls to upstreams, events and their answers, and how bytes are sealed.
 */
@NullMarked
package io.agentvault.vault;

import org.jspecify.annotations.NullMarked;
