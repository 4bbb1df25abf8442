package io.pilothouse.controlplane.cluster;

import io.pilothouse.controlplane.pki.ClusterPki;
import java.nio.file.Path;

/** Where a cluster's files are. */
public record ClusterFiles(Path root) {
    ClusterPki pki() {
        return new ClusterPki(root.resolve("pki"));
    }

    Path pki(String name) {
        return root.resolve("pki").resolve(name);
    }

    Path accessEntries() {
        return root.resolve("access-entries.json");
    }

    Path kubeconfig(String identity) {
        return root.resolve("kubeconfigs").resolve(identity + ".yaml");
    }

    Path etcd(int member) {
        return root.resolve("etcd-" + member);
    }

    Path master(int number) {
        return root.resolve("master-" + number);
    }

    Path endpoint() {
        return root.resolve("endpoint");
    }
}
