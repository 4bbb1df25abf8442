package io.pilothouse.worker.node;

/**
 * What runs the pods.
 *
 * @param version as in nodeInfo, {@code containerd://1.7.24}
 * @param simulated pods do not really run
 * @param note what users should know about it; empty for nothing
 * @param ready whether pods can be started
 * @param pressure what the machine runs short of
 */
public record RuntimeInfo(String version, boolean simulated, String note, boolean ready, Pressure pressure) {}
