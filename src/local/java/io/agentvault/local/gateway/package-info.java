/** API Gateway's HTTP API: routes, payload format 2.0, limits, throttles and AWS's own refusals. */
@NullMarked
package io.agentvault.local.gateway;

import org.jspecify.annotations.NullMarked;
