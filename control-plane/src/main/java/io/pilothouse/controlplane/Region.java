package io.pilothouse.controlplane;

import io.pilothouse.backup.Backups;
import io.pilothouse.backup.Bucket;
import io.pilothouse.cloud.CloudConfig;
import io.pilothouse.cloud.CloudParts;
import io.pilothouse.cloud.EmbeddedCloud;
import io.pilothouse.cloud.iam.IamModel.AccessKey;
import io.pilothouse.cloud.protocol.ServiceHandler;
import io.pilothouse.cloud.state.EtcdStateStore;
import io.pilothouse.controlplane.backup.BackupOperations;
import io.pilothouse.controlplane.backup.BackupSettings;
import io.pilothouse.controlplane.backup.ClusterBackups;
import io.pilothouse.controlplane.cluster.CloudAccess;
import io.pilothouse.controlplane.cluster.ClusterReconciler;
import io.pilothouse.controlplane.cluster.MasterPrincipal;
import io.pilothouse.controlplane.cluster.Programs;
import io.pilothouse.controlplane.cluster.ReconcileLoop;
import io.pilothouse.controlplane.cluster.RestoreSteps;
import io.pilothouse.controlplane.cluster.StorageWatch;
import io.pilothouse.controlplane.eks.ClusterHealth;
import io.pilothouse.controlplane.eks.ClusterRecord;
import io.pilothouse.controlplane.eks.EksContext;
import io.pilothouse.controlplane.eks.EksNames;
import io.pilothouse.controlplane.eks.EksService;
import io.pilothouse.controlplane.eks.EksStore;
import io.pilothouse.controlplane.eks.Operation;
import io.pilothouse.controlplane.eks.Operations;
import io.pilothouse.controlplane.nodegroup.NodegroupReconciler;
import io.pilothouse.controlplane.pki.PrivateFiles;
import io.pilothouse.controlplane.process.Supervisor;
import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.EtcdStore;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * The region service: its own etcd, the embedded cloud, the EKS API and the reconcilers. What it started lives on when it ends; the next one
 * over the same data directory takes it over.
 */
public final class Region implements AutoCloseable {
    private final RegionState state;
    private final EtcdStore etcd;
    private final Supervisor supervisor;
    private final EmbeddedCloud cloud;
    private final Reconcilers reconcilers;

    /** The loops that work on what the API recorded. */
    private record Reconcilers(
            ReconcileLoop clusters,
            ReconcileLoop nodegroups,
            ReconcileLoop backups,
            ReconcileLoop storage,
            Bucket bucket)
            implements EksContext.Changes, AutoCloseable {
        void start() {
            clusters.start();
            nodegroups.start();
            backups.start();
            storage.start();
        }

        @Override
        public void cluster(String name) {
            clusters.wake(name);
            backups.wake(name);
            storage.wake(name);
        }

        @Override
        public void nodegroup(String cluster, String name) {
            nodegroups.wake(EksStore.key(cluster, name));
        }

        @Override
        public void close() {
            storage.close();
            backups.close();
            nodegroups.close();
            clusters.close();
            bucket.close();
        }
    }

    private Region(
            RegionState state, EtcdStore etcd, Supervisor supervisor, EmbeddedCloud cloud, Reconcilers reconcilers) {
        this.state = state;
        this.etcd = etcd;
        this.supervisor = supervisor;
        this.cloud = cloud;
        this.reconcilers = reconcilers;
    }

    /**
     * Starts, or goes on with what an earlier one left.
     *
     * @throws IOException with a message for the operator: the port is in use, etcd is missing or does not start, the disk is full
     */
    public static Region start(CloudConfig config, Programs programs, BackupSettings settings) throws IOException {
        Path data = PrivateFiles.directory(config.dataDirectory());
        RegionState state = RegionState.lock(data);
        try {
            requireFree(config.bind());
        } catch (IOException e) {
            state.close();
            throw e;
        }
        Supervisor supervisor = new Supervisor();
        EtcdStore etcd = null;
        try {
            etcd = state.startEtcd(supervisor);
            AtomicReference<Reconcilers> loops = new AtomicReference<>();
            EtcdConfig own = state.etcd();
            EmbeddedCloud cloud = EmbeddedCloud.start(
                    config,
                    new EtcdStateStore(etcd),
                    parts -> services(parts, programs, settings, supervisor, own, loops));
            Reconcilers reconcilers = java.util.Objects.requireNonNull(loops.get());
            writeCredentials(data.resolve("credentials"), cloud, cloud.rootKey());
            writeCredentials(
                    data.resolve("region").resolve("master-credentials"),
                    cloud,
                    MasterPrincipal.ensure(cloud.parts().iam()));
            reconcilers.start();
            return new Region(state, etcd, supervisor, cloud, reconcilers);
        } catch (IOException | RuntimeException e) {
            supervisor.close();
            if (etcd != null) {
                etcd.close();
            }
            state.close();
            throw e;
        }
    }

    /** Told before anything is started, so that nothing is left of a start that can't succeed. */
    private static void requireFree(InetSocketAddress address) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (BindException e) {
            throw new IOException(
                    "can't listen on " + address.getHostString() + " port " + address.getPort()
                            + ", something else may",
                    e);
        }
    }

    private static List<ServiceHandler> services(
            CloudParts parts,
            Programs programs,
            BackupSettings settings,
            Supervisor supervisor,
            EtcdConfig own,
            AtomicReference<Reconcilers> loops) {
        EksNames names = new EksNames(parts.iam().arns());
        EksStore store = new EksStore(parts.state());
        Path data = parts.config().dataDirectory().toAbsolutePath();
        EksContext context = new EksContext(
                store,
                parts,
                names,
                new Later(loops),
                data.resolve("clusters"),
                new ClusterHealth(),
                Clock.systemUTC());
        URI local = local(parts.config());
        Bucket bucket = bucket(parts, settings, local);
        Backups backups = new Backups(bucket, data.resolve("region"), Clock.systemUTC());
        ClusterBackups clusterBackups = new ClusterBackups(context, backups, settings);
        ClusterReconciler clusters = new ClusterReconciler(
                context,
                supervisor,
                programs,
                access(parts, local, data),
                new RestoreSteps(store, backups, supervisor, Clock.systemUTC()));
        Supplier<List<String>> clusterNames =
                () -> store.clusters().list().stream().map(ClusterRecord::name).toList();
        loops.set(new Reconcilers(
                new ReconcileLoop("clusters", clusters, clusterNames),
                new ReconcileLoop(
                        "nodegroups",
                        new NodegroupReconciler(context),
                        () -> store.nodegroups().list().stream()
                                .map(n -> EksStore.key(n.cluster(), n.name()))
                                .toList()),
                new ReconcileLoop("backups", clusterBackups, clusterNames),
                new ReconcileLoop("storage", new StorageWatch(context, own), clusterNames),
                bucket));
        List<Operation> operations = new ArrayList<>(Operations.all(context));
        operations.addAll(BackupOperations.all(context, clusterBackups));
        return List.of(new EksService(operations, parts.access(), names));
    }

    private static CloudAccess access(CloudParts parts, URI local, Path data) {
        URI instances = parts.network().isolated()
                ? URI.create("http://" + parts.network().hostAddress() + ":" + local.getPort())
                : local;
        return new CloudAccess(local, instances, data.resolve("region").resolve("master-credentials"));
    }

    /** The endpoint as processes of this host reach it. */
    private static URI local(CloudConfig config) {
        String host = config.bind().getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : config.bind().getAddress().getHostAddress();
        return URI.create("http://" + host + ":" + config.bind().getPort());
    }

    private static Bucket bucket(CloudParts parts, BackupSettings settings, URI local) {
        String region = parts.config().region();
        if (settings.amazon()) {
            return Bucket.amazon(region, settings.bucket());
        }
        AccessKey root = parts.iam().rootKey();
        return settings.endpoint()
                .map(e -> Bucket.at(e, region, settings.bucket()))
                .orElseGet(() -> Bucket.at(local, region, settings.bucket(), root.id(), root.secret()));
    }

    /** The API and the loops know each other. */
    private record Later(AtomicReference<Reconcilers> loops) implements EksContext.Changes {
        @Override
        public void cluster(String name) {
            java.util.Objects.requireNonNull(loops.get()).cluster(name);
        }

        @Override
        public void nodegroup(String cluster, String name) {
            java.util.Objects.requireNonNull(loops.get()).nodegroup(cluster, name);
        }
    }

    private static void writeCredentials(Path file, EmbeddedCloud cloud, AccessKey key) throws IOException {
        String text = "AWS_ENDPOINT_URL=" + cloud.endpoint() + "\nAWS_REGION="
                + cloud.parts().config().region() + "\nAWS_ACCESS_KEY_ID=" + key.id() + "\nAWS_SECRET_ACCESS_KEY="
                + key.secret() + "\n";
        PrivateFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Where clients on this host call it. */
    public URI endpoint() {
        return cloud.endpoint();
    }

    /** The embedded cloud in it. */
    public EmbeddedCloud cloud() {
        return cloud;
    }

    /** Stops serving and reconciling; clusters, instances and the region's etcd run on. */
    @Override
    public void close() {
        reconcilers.close();
        cloud.detach();
        supervisor.close();
        etcd.close();
        state.close();
    }

    /** Ends all that runs for this data directory: instances, clusters, etcd, addresses and networks. The records and files stay. */
    public void stopAll() {
        reconcilers.close();
        cloud.close();
        supervisor.close();
        etcd.close();
        Supervisor.endAllBelow(
                cloud.parts().config().dataDirectory().toAbsolutePath(), java.time.Duration.ofSeconds(5));
        state.close();
    }
}
