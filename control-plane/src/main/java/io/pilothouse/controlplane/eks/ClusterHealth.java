package io.pilothouse.controlplane.eks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What hinders clusters right now. Kept in memory only: it is looked at again after a start, and has to be told just when nothing can be written. Safe on any
 * thread.
 */
public final class ClusterHealth {
    private final Map<String, Map<String, List<ClusterRecord.Issue>>> issues = new ConcurrentHashMap<>();

    /**
     * Takes note of all that one observer sees of a cluster, in place of what it saw before.
     *
     * @param observer who looks; its own issues are the only ones it replaces
     */
    public void note(String cluster, String observer, List<ClusterRecord.Issue> seen) {
        issues.computeIfAbsent(cluster, ignored -> new ConcurrentHashMap<>()).put(observer, List.copyOf(seen));
    }

    /** All that is known to hinder a cluster. */
    public List<ClusterRecord.Issue> of(String cluster) {
        return issues.getOrDefault(cluster, Map.of()).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }

    /** The cluster is gone. */
    public void forget(String cluster) {
        issues.remove(cluster);
    }
}
