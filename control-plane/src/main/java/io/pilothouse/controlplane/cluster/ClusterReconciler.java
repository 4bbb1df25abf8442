package io.pilothouse.controlplane.cluster;

import io.pilothouse.controlplane.eks.AccessEntryRecord;
import io.pilothouse.controlplane.eks.ClusterRecord;
import io.pilothouse.controlplane.eks.ClusterRecord.Layout;
import io.pilothouse.controlplane.eks.ClusterRecord.Status;
import io.pilothouse.controlplane.eks.EksContext;
import io.pilothouse.controlplane.eks.EksStore;
import io.pilothouse.controlplane.endpoint.Prober;
import io.pilothouse.controlplane.pki.ClusterPki;
import io.pilothouse.controlplane.pki.PrivateFiles;
import io.pilothouse.controlplane.process.Daemon;
import io.pilothouse.controlplane.process.Supervisor;
import io.pilothouse.iam.mapping.AuthenticationMode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings clusters from what was asked for to what runs. Each step can be repeated, so a region service that was killed goes on where it
 * was; the processes of a cluster live on meanwhile.
 */
public final class ClusterReconciler implements ReconcileLoop.Reconciler {
    private static final Logger log = LoggerFactory.getLogger(ClusterReconciler.class);
    private static final Duration SOON = Duration.ofMillis(150);
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);
    private static final Duration GRACE = Duration.ofSeconds(8);
    private final EksContext context;
    private final Supervisor supervisor;
    private final RollingStart rolling;
    private final Programs programs;
    private final CloudAccess cloud;
    private final Placement placement;
    private final RestoreSteps restores;

    /** @param cloud where the masters on this host verify tokens */
    public ClusterReconciler(
            EksContext context, Supervisor supervisor, Programs programs, CloudAccess cloud, RestoreSteps restores) {
        this.context = context;
        this.supervisor = supervisor;
        this.rolling = new RollingStart(supervisor, context.clock());
        this.programs = programs;
        this.cloud = cloud;
        this.placement = new Placement(context.cloud().network());
        this.restores = restores;
    }

    @Override
    public Optional<Duration> reconcile(String name) throws Exception {
        Optional<ClusterRecord> found = context.store().clusters().find(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        ClusterRecord cluster = found.get();
        ClusterFiles files = new ClusterFiles(context.directory(name));
        if (cluster.status() == Status.DELETING) {
            remove(cluster, files);
            return Optional.empty();
        }
        Layout layout = place(cluster);
        List<String> renewed = files.pki().ensure(names(cluster, layout), Placement.MEMBERS, context.clock());
        writeKubeconfigs(layout, files);
        creatorEntry(cluster);
        AccessFile.write(context.store(), cluster, files.accessEntries());
        List<Daemon> etcd = EtcdMembers.daemons(cluster, layout, files);
        Masters masters = new Masters(
                programs,
                context.names().arns().region(),
                cloud,
                context.names().issuer(cluster));
        List<Daemon> serving = new ArrayList<>(masters.daemons(cluster, layout, files));
        ClusterRecord.Restore restore = cluster.restore();
        if (restore != null) {
            restores.run(cluster, restore, layout, files, serving, etcd);
            return Optional.of(Duration.ZERO);
        }
        serving.addFirst(masters.endpoint(cluster, layout, files));
        boolean settled = rolling.step(
                name, Stream.concat(etcd.stream(), serving.stream()).toList(), () -> mastersReady(layout, files));
        if (!renewed.isEmpty() && cluster.status() != Status.CREATING) {
            log.atInfo()
                    .addKeyValue("cluster", name)
                    .addKeyValue("certificates", renewed)
                    .log("certificates renewed");
        }
        if (!settled) {
            return Optional.of(SOON);
        }
        if (cluster.status() == Status.ACTIVE) {
            return Optional.of(LOOK_AGAIN);
        }
        return becomeActive(cluster, layout, files) ? Optional.of(LOOK_AGAIN) : Optional.of(SOON);
    }

    private Layout place(ClusterRecord cluster) throws IOException {
        Layout present = cluster.layout();
        if (present != null) {
            return present;
        }
        Layout made = placement.place(cluster.name());
        context.store().clusters().update(cluster.name(), c -> c.layout() == null ? c.placed(made) : c);
        return made;
    }

    private static ClusterPki.Names names(ClusterRecord cluster, Layout layout) {
        return new ClusterPki.Names(
                layout.masters().stream().map(Masters::host).toList(),
                Masters.host(layout.endpoint()),
                Masters.serviceAddress(cluster));
    }

    private static void writeKubeconfigs(Layout layout, ClusterFiles files) throws IOException {
        for (String identity : List.of("admin", "controller-manager", "scheduler")) {
            Path file = files.kubeconfig(identity);
            byte[] wanted = Masters.kubeconfig(layout, files, identity).getBytes(StandardCharsets.UTF_8);
            if (!Files.exists(file) || !java.util.Arrays.equals(Files.readAllBytes(file), wanted)) {
                PrivateFiles.write(file, wanted);
            }
        }
    }

    /** The creator becomes admin once, while the cluster is made; who takes the right away later means it. */
    private void creatorEntry(ClusterRecord cluster) {
        if (cluster.status() != Status.CREATING || !cluster.spec().bootstrapAdmin()) {
            return;
        }
        String arn = cluster.creator().principalArn();
        long now = context.now();
        boolean shown = cluster.spec().authenticationMode() != AuthenticationMode.CONFIG_MAP;
        List<AccessEntryRecord.Policy> admin = List.of(new AccessEntryRecord.Policy(
                context.names().accessPolicy("AmazonEKSClusterAdminPolicy"), "cluster", List.of(), now, now));
        String username = arn.contains(":role/")
                ? context.names().arns().assumedRole(arn.substring(arn.lastIndexOf('/') + 1), "{{SessionName}}")
                : arn;
        context.store()
                .entries()
                .insert(
                        EksStore.key(cluster.name(), arn),
                        new AccessEntryRecord(
                                cluster.name(),
                                java.util.UUID.randomUUID().toString(),
                                arn,
                                cluster.creator().principalId(),
                                "STANDARD",
                                username,
                                List.of(),
                                admin,
                                Map.of(),
                                now,
                                now,
                                !shown));
    }

    private boolean becomeActive(ClusterRecord cluster, Layout layout, ClusterFiles files) throws IOException {
        Prober prober = new Prober(files.pki("ca.crt"), 2000);
        InetSocketAddress address = new InetSocketAddress(
                Masters.host(layout.endpoint()), Integer.parseInt(Masters.port(layout.endpoint())));
        if (!prober.probe(address).ready()) {
            return false;
        }
        context.store().clusters().update(cluster.name(), c -> c.status() == Status.DELETING ? c : c.in(Status.ACTIVE));
        context.store().updatesOf(cluster.name()).stream()
                .filter(u -> u.nodegroup().isEmpty() && u.status().equals("InProgress"))
                .forEach(u -> context.store()
                        .updates()
                        .update(EksStore.key(cluster.name(), u.id()), x -> x.ended("Successful", List.of())));
        log.atInfo()
                .addKeyValue("cluster", cluster.name())
                .addKeyValue("ms", context.now() - cluster.createdMillis())
                .log("cluster is active");
        return true;
    }

    /** Whether every master is: then each has etcd behind it too, and one can be spared. */
    private static boolean mastersReady(Layout layout, ClusterFiles files) {
        try {
            Prober prober = new Prober(files.pki("ca.crt"), 2000);
            return layout.masters().stream()
                    .allMatch(
                            m -> prober.probe(new InetSocketAddress(Masters.host(m), Integer.parseInt(Masters.port(m))))
                                    .ready());
        } catch (IOException e) {
            log.atWarn().setCause(e).log("the cluster's authority can't be read");
            return false;
        }
    }

    private void remove(ClusterRecord cluster, ClusterFiles files) throws IOException, InterruptedException {
        List<Thread> stops = new ArrayList<>();
        List<String> parts = new ArrayList<>(List.of("endpoint"));
        for (int i = 0; i < Placement.MASTERS; i++) {
            parts.add("master-" + i);
            parts.add("etcd-" + i);
        }
        for (String part : parts) {
            stops.add(Thread.ofVirtual()
                    .start(() -> stop(cluster.name() + "/" + part, files.root().resolve(part))));
        }
        for (Thread stop : stops) {
            stop.join();
        }
        Supervisor.endAllBelow(files.root(), Duration.ZERO);
        placement.release(cluster.name());
        PrivateFiles.removeTree(files.root());
        context.store()
                .entriesOf(cluster.name())
                .forEach(e -> context.store().entries().remove(EksStore.key(cluster.name(), e.principalArn())));
        context.store()
                .updatesOf(cluster.name())
                .forEach(u -> context.store().updates().remove(EksStore.key(cluster.name(), u.id())));
        context.store().clusters().remove(cluster.name());
        log.atInfo().addKeyValue("cluster", cluster.name()).log("cluster is gone");
    }

    private void stop(String id, Path directory) {
        try {
            // Nothing of a cluster that is being deleted is worth a long farewell.
            supervisor.stop(id, directory, id.contains("/master-") ? Duration.ofSeconds(2) : GRACE);
        } catch (IOException e) {
            log.atWarn()
                    .setCause(e)
                    .addKeyValue("process", id)
                    .log("process's note can't be read; it is found by its mark");
        }
    }
}
