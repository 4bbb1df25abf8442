package io.pilothouse.controlplane.cluster;

import io.pilothouse.controlplane.eks.ClusterRecord;
import io.pilothouse.http.Pem;
import io.pilothouse.storage.EtcdConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** How an operator reaches a cluster's etcd. */
public final class ClusterEtcd {
    private ClusterEtcd() {}

    /** @param directory the cluster's */
    public static EtcdConfig config(ClusterRecord cluster, Path directory) throws IOException {
        ClusterRecord.Layout layout = cluster.layout();
        if (layout == null) {
            throw new IOException("cluster " + cluster.name() + " has no etcd yet");
        }
        ClusterFiles files = new ClusterFiles(directory);
        return EtcdConfig.of(layout.etcd().stream()
                        .map(m -> URI.create(EtcdMembers.clientUrl(m)))
                        .toList())
                .withTls(new EtcdConfig.Tls(
                        Pem.certificates(files.pki("etcd-ca.crt")),
                        Pem.certificates(files.pki("etcd-operator.crt")),
                        Optional.of(Pem.privateKey(files.pki("etcd-operator.key")))));
    }
}
