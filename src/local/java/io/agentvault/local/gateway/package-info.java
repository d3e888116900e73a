/**
 * API Gateway's HTTP API: routes, payload format 2.0, limits, throttles and AWS's own refusals.
 *
 * <p>Not here: what a route does. The routes are the template's.
 */
@NullMarked
package io.agentvault.local.gateway;

import org.jspecify.annotations.NullMarked;
