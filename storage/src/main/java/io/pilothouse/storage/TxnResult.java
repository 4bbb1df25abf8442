package io.pilothouse.storage;

import java.util.List;

/**
 * A transaction's outcome.
 *
 * @param succeeded whether all conditions held, so that the first list of steps ran and not the second
 * @param revision etcd's revision after it
 * @param results one a step: what a Get or Range read, what a Delete removed; empty for a Put
 */
public record TxnResult(boolean succeeded, long revision, List<List<KeyValue>> results) {}
