package io.pilothouse.controlplane.cluster;

import io.pilothouse.cloud.ec2.Cidr;
import io.pilothouse.controlplane.eks.ClusterRecord;
import io.pilothouse.controlplane.eks.ClusterRecord.Layout;
import io.pilothouse.controlplane.process.Daemon;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The command lines of a cluster's masters and of the balancer before them. */
final class Masters {
    private final Programs programs;
    private final String region;
    private final CloudAccess cloud;
    private final String issuer;

    Masters(Programs programs, String region, CloudAccess cloud, String issuer) {
        this.programs = programs;
        this.region = region;
        this.cloud = cloud;
        this.issuer = issuer;
    }

    List<Daemon> daemons(ClusterRecord cluster, Layout layout, ClusterFiles files) {
        List<Daemon> all = new ArrayList<>();
        for (int i = 0; i < layout.masters().size(); i++) {
            List<String> command = new ArrayList<>(programs.pilothouse());
            command.add(programs.master());
            command.addAll(serving(cluster, layout, files, i));
            if (programs.complete()) {
                command.addAll(parts(cluster, files));
            }
            all.add(new Daemon(
                    cluster.name() + "/master-" + i,
                    files.master(i),
                    command,
                    programs.environment(),
                    certificates(files, i)));
        }
        return all;
    }

    /** Those that a master reads at its start. A certificate changes with its key. Members of etcd read theirs for every connection. */
    private List<Path> certificates(ClusterFiles files, int i) {
        List<String> own = List.of("serving", "etcd-client", "kubelet-client", "front-proxy-client");
        List<Path> all = new ArrayList<>(own.stream()
                .map(name -> files.pki("master-" + i + "/" + name + ".crt"))
                .toList());
        if (programs.complete()) {
            all.addAll(List.of(files.pki("controller-manager.crt"), files.pki("scheduler.crt")));
        }
        all.addAll(List.of(
                files.pki("ca.crt"), files.pki("front-proxy-ca.crt"), files.pki("etcd-ca.crt"), files.pki("sa.pub")));
        return all;
    }

    private List<String> serving(ClusterRecord cluster, Layout layout, ClusterFiles files, int i) {
        String address = layout.masters().get(i);
        String host = host(address);
        String pki = "master-" + i + "/";
        List<String> flags = new ArrayList<>(List.of(
                "--etcd-servers=" + rotated(layout, i),
                "--etcd-cafile=" + files.pki("etcd-ca.crt"),
                "--etcd-certfile=" + files.pki(pki + "etcd-client.crt"),
                "--etcd-keyfile=" + files.pki(pki + "etcd-client.key"),
                "--bind-address=" + host,
                "--secure-port=" + port(address),
                "--tls-cert-file=" + files.pki(pki + "serving.crt"),
                "--tls-private-key-file=" + files.pki(pki + "serving.key"),
                "--client-ca-file=" + files.pki("ca.crt"),
                "--authorization-mode=Node,RBAC",
                "--enable-admission-plugins=NodeRestriction,ExtendedResourceToleration",
                "--service-cluster-ip-range=" + cluster.spec().serviceCidr(),
                "--service-account-issuer=" + issuer,
                "--service-account-key-file=" + files.pki("sa.pub"),
                "--service-account-signing-key-file=" + files.pki("sa.key"),
                "--api-audiences=https://kubernetes.default.svc," + issuer,
                "--kubelet-client-certificate=" + files.pki(pki + "kubelet-client.crt"),
                "--kubelet-client-key=" + files.pki(pki + "kubelet-client.key"),
                "--kubelet-preferred-address-types=InternalIP,Hostname,InternalDNS",
                "--requestheader-client-ca-file=" + files.pki("front-proxy-ca.crt"),
                "--requestheader-allowed-names=front-proxy-client",
                "--requestheader-username-headers=X-Remote-User",
                "--requestheader-group-headers=X-Remote-Group",
                "--requestheader-extra-headers-prefix=X-Remote-Extra-",
                "--proxy-client-cert-file=" + files.pki(pki + "front-proxy-client.crt"),
                "--proxy-client-key-file=" + files.pki(pki + "front-proxy-client.key"),
                "--enable-aggregator-routing=true",
                "--allow-privileged=true"));
        if (cluster.revisionOffset() > 0) {
            flags.add("--etcd-revision-offset=" + cluster.revisionOffset());
        }
        if (layout.advertised()) {
            flags.add("--advertise-address=" + host);
        } else {
            flags.add("--endpoint-reconciler-type=none");
        }
        return flags;
    }

    private List<String> parts(ClusterRecord cluster, ClusterFiles files) {
        return List.of(
                "--cluster-name=" + cluster.name(),
                "--region=" + region,
                "--partition=aws",
                "--sts-endpoint=" + cloud.endpoint(),
                "--sts-host=" + cloud.instanceEndpoint().getAuthority(),
                "--aws-credentials-file=" + cloud.credentials(),
                "--access-entries-file=" + files.accessEntries(),
                "--cluster-signing-cert-file=" + files.pki("ca.crt"),
                "--cluster-signing-key-file=" + files.pki("ca.key"),
                "--service-account-private-key-file=" + files.pki("sa.key"),
                "--root-ca-file=" + files.pki("ca.crt"),
                "--controllers-kubeconfig=" + files.kubeconfig("controller-manager"),
                "--scheduler-kubeconfig=" + files.kubeconfig("scheduler"));
    }

    /** Each master begins with another member, so that the load is spread. */
    private static String rotated(Layout layout, int by) {
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < layout.etcd().size(); i++) {
            urls.add(EtcdMembers.clientUrl(
                    layout.etcd().get((i + by) % layout.etcd().size())));
        }
        return String.join(",", urls);
    }

    Daemon endpoint(ClusterRecord cluster, Layout layout, ClusterFiles files) {
        List<String> command = new ArrayList<>(programs.pilothouse());
        command.addAll(List.of("endpoint", "--listen=" + layout.endpoint(), "--ca-file=" + files.pki("ca.crt")));
        layout.masters().forEach(m -> command.add("--master=" + m));
        Map<String, String> environment = new HashMap<>(programs.environment());
        environment.putIfAbsent("PILOTHOUSE_JAVA_OPTS", "-Xmx64m -XX:TieredStopAtLevel=1");
        return new Daemon(cluster.name() + "/endpoint", files.endpoint(), command, environment);
    }

    static String host(String address) {
        return address.substring(0, address.lastIndexOf(':'));
    }

    static String port(String address) {
        return address.substring(address.lastIndexOf(':') + 1);
    }

    /** The address of the kubernetes service: the first of the service network. */
    static String serviceAddress(ClusterRecord cluster) {
        return Cidr.parse(cluster.spec().serviceCidr()).host(1);
    }

    /** A kubeconfig with a client certificate, for parts that run beside the cluster. */
    static String kubeconfig(Layout layout, ClusterFiles files, String identity) {
        Path certificate = files.pki(identity + ".crt");
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: cluster
                  cluster:
                    server: %s
                    certificate-authority: %s
                users:
                - name: %s
                  user:
                    client-certificate: %s
                    client-key: %s
                contexts:
                - name: cluster
                  context: {cluster: cluster, user: %s}
                current-context: cluster
                """.formatted(
                layout.url(), files.pki("ca.crt"), identity, certificate, files.pki(identity + ".key"), identity);
    }
}
