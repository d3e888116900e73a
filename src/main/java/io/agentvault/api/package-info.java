/**
 * The wire: events of an HTTP API (payload 2.0) and of direct invocation become typed requests,
 * results become JSON, problems become error bodies or function errors. Nothing that an event's
 * authorizer block says is believed.
 *
 * <p>Not here: rules of a vault, of identities or of a use, and nothing of the Model Context
 * Protocol but the route to it.
 */
@NullMarked
package io.agentvault.api;

import org.jspecify.annotations.NullMarked;
