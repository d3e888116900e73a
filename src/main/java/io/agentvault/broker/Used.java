package io.agentvault.broker;

/**
 * How a use ended.
 *
 * @param reply the upstream's answer, without secrets
 * @param recorded whether the outcome is on record; the attempt is
 */
public record Used(Reply reply, boolean recorded) {}
