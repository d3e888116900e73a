package io.agentvault.evidence;

/**
 * What a function has of the records: where they are, how they are written, what was counted.
 *
 * @param log the records
 * @param recorder writes them
 * @param counts of them, some seconds behind
 */
public record Evidence(Log log, Recorder recorder, Counts counts) {}
