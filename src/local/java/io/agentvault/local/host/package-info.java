/**
 * What all of the local cloud stands on: servers on 127.0.0.1, processes that end with their
 * starter, JSON.
 *
 * <p>Not here: AWS.
 */
@NullMarked
package io.agentvault.local.host;

import org.jspecify.annotations.NullMarked;
