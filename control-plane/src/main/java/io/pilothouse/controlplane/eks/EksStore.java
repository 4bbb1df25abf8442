package io.pilothouse.controlplane.eks;

import io.pilothouse.cloud.protocol.UriCodec;
import io.pilothouse.cloud.state.StateStore;
import io.pilothouse.cloud.state.Table;
import java.util.List;

/** The records of EKS. Safe for many threads. */
public final class EksStore {
    private final Table<ClusterRecord> clusters;
    private final Table<NodegroupRecord> nodegroups;
    private final Table<AccessEntryRecord> entries;
    private final Table<UpdateRecord> updates;

    /** Over the region's state. */
    public EksStore(StateStore store) {
        clusters = new Table<>(store, "eks/clusters", ClusterRecord.class);
        nodegroups = new Table<>(store, "eks/nodegroups", NodegroupRecord.class);
        entries = new Table<>(store, "eks/access-entries", AccessEntryRecord.class);
        updates = new Table<>(store, "eks/updates", UpdateRecord.class);
    }

    /** Clusters by name. */
    public Table<ClusterRecord> clusters() {
        return clusters;
    }

    /** Node groups by {@link #key}. */
    public Table<NodegroupRecord> nodegroups() {
        return nodegroups;
    }

    /** Access entries by {@link #key} of cluster and principal. */
    public Table<AccessEntryRecord> entries() {
        return entries;
    }

    /** Updates by {@link #key} of cluster and id. */
    public Table<UpdateRecord> updates() {
        return updates;
    }

    /** The key of something that a cluster has. */
    public static String key(String cluster, String name) {
        return cluster + "/" + UriCodec.encode(name, false);
    }

    /** A cluster that must exist. */
    public ClusterRecord cluster(String name) {
        return clusters.find(name)
                .orElseThrow(() -> EksException.notFound("No cluster found for name: " + name + ".")
                        .about("clusterName", name));
    }

    /** A cluster's node groups. */
    public List<NodegroupRecord> nodegroupsOf(String cluster) {
        return nodegroups.list().stream()
                .filter(n -> n.cluster().equals(cluster))
                .toList();
    }

    /** A node group that must exist, of a cluster that must exist. */
    public NodegroupRecord nodegroup(String cluster, String name) {
        cluster(cluster);
        return nodegroups
                .find(key(cluster, name))
                .orElseThrow(() -> EksException.notFound("No node group found for name: " + name + ".")
                        .about("clusterName", cluster)
                        .about("nodegroupName", name));
    }

    /** A cluster's access entries. */
    public List<AccessEntryRecord> entriesOf(String cluster) {
        return entries.list().stream().filter(e -> e.cluster().equals(cluster)).toList();
    }

    /** An access entry that must exist and be shown. */
    public AccessEntryRecord entry(String cluster, String principalArn) {
        return entries.find(key(cluster, principalArn))
                .filter(e -> !e.internal())
                .orElseThrow(
                        () -> EksException.notFound(
                                "The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'."));
    }

    /** A cluster's updates. */
    public List<UpdateRecord> updatesOf(String cluster) {
        return updates.list().stream().filter(u -> u.cluster().equals(cluster)).toList();
    }
}
