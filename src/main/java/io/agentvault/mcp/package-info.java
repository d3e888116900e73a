/**
 * The Model Context Protocol over the same use cases as the REST calls: JSON-RPC in, JSON-RPC out,
 * no session, no stream, no storage. Two eras on one path: revision 2026-07-28, in which every
 * request says its version and what its client can do, and 2025-11-25 and 2025-06-18 with their
 * {@code initialize}.
 *
 * <p>It sees neither keys nor tables: what a tool does is an {@link Actions action} of the wire
 * contract, done in the name of whoever sent the request.
 *
 * <p>Not here: what a tool does.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28">The specification</a>
 */
@NullMarked
package io.agentvault.mcp;

import org.jspecify.annotations.NullMarked;
