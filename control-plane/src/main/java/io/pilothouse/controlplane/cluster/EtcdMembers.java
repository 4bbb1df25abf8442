package io.pilothouse.controlplane.cluster;

import io.pilothouse.controlplane.eks.ClusterRecord;
import io.pilothouse.controlplane.eks.ClusterRecord.Layout;
import io.pilothouse.controlplane.eks.ClusterRecord.Member;
import io.pilothouse.controlplane.process.Daemon;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The command lines of a cluster's etcd members: on the loopback address, with certificates of their own on both sides. */
final class EtcdMembers {
    private EtcdMembers() {}

    static List<Daemon> daemons(ClusterRecord cluster, Layout layout, ClusterFiles files) {
        List<Daemon> all = new ArrayList<>();
        for (int i = 0; i < layout.etcd().size(); i++) {
            all.add(daemon(cluster, layout, files, i));
        }
        return all;
    }

    /** {@code etcd-0=https://…,etcd-1=…}. */
    static String initialCluster(Layout layout) {
        return IntStream.range(0, layout.etcd().size())
                .mapToObj(i -> "etcd-" + i + "=" + peerUrl(layout.etcd().get(i)))
                .collect(Collectors.joining(","));
    }

    static String peerUrl(Member member) {
        return "https://127.0.0.1:" + member.peerPort();
    }

    static String clientUrl(Member member) {
        return "https://127.0.0.1:" + member.clientPort();
    }

    static String clientUrls(Layout layout) {
        return layout.etcd().stream().map(EtcdMembers::clientUrl).collect(Collectors.joining(","));
    }

    private static Daemon daemon(ClusterRecord cluster, Layout layout, ClusterFiles files, int i) {
        Member member = layout.etcd().get(i);
        String pki = "etcd-" + i + "/";
        return new Daemon(
                cluster.name() + "/etcd-" + i,
                files.etcd(i),
                List.of(
                        "etcd",
                        "--name=etcd-" + i,
                        "--data-dir=" + files.etcd(i).resolve("data"),
                        "--listen-client-urls=" + clientUrl(member),
                        "--advertise-client-urls=" + clientUrl(member),
                        "--listen-peer-urls=" + peerUrl(member),
                        "--initial-advertise-peer-urls=" + peerUrl(member),
                        "--initial-cluster=" + initialCluster(layout),
                        "--initial-cluster-token=" + cluster.id(),
                        "--initial-cluster-state=new",
                        "--client-cert-auth",
                        "--trusted-ca-file=" + files.pki("etcd-ca.crt"),
                        "--cert-file=" + files.pki(pki + "server.crt"),
                        "--key-file=" + files.pki(pki + "server.key"),
                        "--peer-client-cert-auth",
                        "--peer-trusted-ca-file=" + files.pki("etcd-ca.crt"),
                        "--peer-cert-file=" + files.pki(pki + "peer.crt"),
                        "--peer-key-file=" + files.pki(pki + "peer.key"),
                        "--quota-backend-bytes=" + (4L << 30),
                        "--snapshot-count=10000",
                        "--heartbeat-interval=100",
                        "--election-timeout=1000",
                        "--logger=zap"),
                Map.of("GOMAXPROCS", "2"));
    }
}
