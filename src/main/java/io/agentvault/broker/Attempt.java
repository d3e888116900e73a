package io.agentvault.broker;

import io.agentvault.identity.AgentId;
import io.agentvault.remote.Origin;
import io.agentvault.vault.Label;

/**
 * A use that is about to be made, as it is recorded: no query, no header, no body.
 *
 * @param agent whose credential it is
 * @param label the credential's name
 * @param method of the call
 * @param host of the upstream, with its port if it is not 443
 * @param path without query
 * @param origin where the invocation came from
 */
public record Attempt(
    AgentId agent, Label label, String method, String host, String path, Origin origin) {}
