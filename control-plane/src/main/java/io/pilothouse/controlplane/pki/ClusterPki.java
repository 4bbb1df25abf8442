package io.pilothouse.controlplane.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All certificates and keys of one cluster, in one directory of mode 0700. Three authorities, so that a certificate for etcd or of the front
 * proxy is worth nothing elsewhere: {@code ca}, {@code etcd-ca}, {@code front-proxy-ca}.
 */
public final class ClusterPki {
    private final Path directory;

    /** What certificates must name: the addresses of the masters and what clients call the cluster. */
    public record Names(List<String> masterAddresses, String endpointAddress, String serviceAddress) {}

    /** In that directory. */
    public ClusterPki(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes what is missing or about to end.
     *
     * @return the names, relative to the directory, of the certificates that were made
     */
    public List<String> ensure(Names names, int etcdMembers, Clock clock) throws IOException {
        PrivateFiles.directory(directory);
        CertificateAuthority cluster = CertificateAuthority.ensure(directory, "ca", "kubernetes", clock);
        CertificateAuthority etcd = CertificateAuthority.ensure(directory, "etcd-ca", "etcd-ca", clock);
        CertificateAuthority frontProxy =
                CertificateAuthority.ensure(directory, "front-proxy-ca", "front-proxy-ca", clock);
        Map<String, Issue> wanted = new TreeMap<>();
        wanted.put("admin", new Issue(cluster, Request.client("pilothouse-admin", "system:masters")));
        wanted.put("controller-manager", new Issue(cluster, Request.client("system:kube-controller-manager")));
        wanted.put("scheduler", new Issue(cluster, Request.client("system:kube-scheduler")));
        wanted.put("etcd-operator", new Issue(etcd, Request.client("pilothouse-etcd-operator")));
        for (int i = 0; i < etcdMembers; i++) {
            List<String> here = List.of("localhost", "127.0.0.1");
            // etcd's own gateway calls its client port with the serving certificate, so it must be good for clients
            // too.
            wanted.put("etcd-" + i + "/server", new Issue(etcd, Request.peer("etcd-" + i, here)));
            wanted.put("etcd-" + i + "/peer", new Issue(etcd, Request.peer("etcd-" + i, here)));
        }
        for (int i = 0; i < names.masterAddresses().size(); i++) {
            String master = "master-" + i + "/";
            wanted.put(
                    master + "serving",
                    new Issue(
                            cluster,
                            Request.server(
                                    "kube-apiserver",
                                    served(names, names.masterAddresses().get(i)))));
            wanted.put(master + "etcd-client", new Issue(etcd, Request.client("kube-apiserver-etcd-client")));
            wanted.put(master + "kubelet-client", new Issue(cluster, Request.client("kube-apiserver-kubelet-client")));
            wanted.put(master + "front-proxy-client", new Issue(frontProxy, Request.client("front-proxy-client")));
        }
        List<String> made = new ArrayList<>();
        for (Map.Entry<String, Issue> entry : wanted.entrySet()) {
            if (entry.getValue()
                    .authority()
                    .ensure(file(entry.getKey()), entry.getValue().request())) {
                made.add(entry.getKey());
            }
        }
        serviceAccountKey();
        return made;
    }

    private record Issue(CertificateAuthority authority, Request request) {}

    private static List<String> served(Names names, String address) {
        List<String> all = new ArrayList<>(List.of(
                "kubernetes",
                "kubernetes.default",
                "kubernetes.default.svc",
                "kubernetes.default.svc.cluster.local",
                "localhost",
                "127.0.0.1",
                names.serviceAddress()));
        for (String more : List.of(address, names.endpointAddress())) {
            if (!all.contains(more)) {
                all.add(more);
            }
        }
        return all;
    }

    private void serviceAccountKey() throws IOException {
        Path secret = file("sa.key");
        Path open = file("sa.pub");
        if (!Files.exists(open)) {
            KeyPair pair = KeyMaterial.rsa();
            PrivateFiles.write(secret, KeyMaterial.pem(pair.getPrivate()));
            PrivateFiles.write(open, KeyMaterial.pem(pair.getPublic()));
        }
    }

    /** A file of it, such as {@code master-0/serving.crt}. */
    public Path file(String name) {
        return directory.resolve(name);
    }
}
