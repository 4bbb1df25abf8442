package io.pilothouse.apiserver.bootstrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.authn.Digests;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import io.pilothouse.storage.StorageException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Lease by which others know that this server lives: {@code apiserver-<hash of the host's name>} in kube-system, renewed until the server
 * ends. Leases of servers that ended without taking theirs away are removed once in an hour.
 */
public final class IdentityLease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IdentityLease.class);
    private static final GroupResource LEASES = new GroupResource("coordination.k8s.io", "leases");
    private static final String NAMESPACE = "kube-system";
    private static final String LABEL = "apiserver.kubernetes.io/identity";
    private static final String COMPONENT = "kube-apiserver";
    private static final DateTimeFormatter MICRO_TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int LEASE_SECONDS = 3600;
    private static final Duration RENEWAL = Duration.ofSeconds(10);
    private static final Duration CLEANING = Duration.ofHours(1);
    private static final int HASH_BYTES = 16;
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int BASE32_BITS = 5;

    private final OwnWrites writes;
    private final ClusterView cluster;
    private final Clock clock;
    private final String hostname;
    private final String name;
    private final String holder;
    private final CountDownLatch ended = new CountDownLatch(1);

    private IdentityLease(OwnWrites writes, ClusterView cluster, Clock clock, String hostname) {
        this.writes = writes;
        this.cluster = cluster;
        this.clock = clock;
        this.hostname = hostname;
        this.name = identityOf(hostname);
        this.holder = name + "_" + UUID.randomUUID();
    }

    /** Begins to hold the lease, on a thread of its own. */
    public static IdentityLease start(OwnWrites writes, ClusterView cluster, Clock clock, String hostname) {
        var lease = new IdentityLease(writes, cluster, clock, hostname);
        Thread.ofVirtual().name("identity-lease").start(lease::run);
        return lease;
    }

    /** Upstream's name for the server of a host. */
    static String identityOf(String hostname) {
        var hashed = new ByteArrayOutputStream();
        for (String part : new String[] {hostname, COMPONENT}) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            hashed.write(bytes.length >> 8);
            hashed.write(bytes.length);
            hashed.writeBytes(bytes);
        }
        return "apiserver-" + base32(Arrays.copyOf(Digests.sha256(hashed.toByteArray()), HASH_BYTES));
    }

    /** RFC 4648 without padding, in small letters. */
    private static String base32(byte[] bytes) {
        var out = new StringBuilder();
        int bits = 0;
        int held = 0;
        for (byte b : bytes) {
            held = (held << 8) | (b & 0xff);
            bits += 8;
            while (bits >= BASE32_BITS) {
                bits -= BASE32_BITS;
                out.append(BASE32.charAt((held >> bits) & 31));
            }
        }
        if (bits > 0) {
            out.append(BASE32.charAt((held << (BASE32_BITS - bits)) & 31));
        }
        return out.toString().toLowerCase(Locale.ROOT);
    }

    private void run() {
        var cleaned = Instant.MIN;
        boolean first = true;
        try {
            do {
                try {
                    if (first) {
                        // What a server of this host left behind says nothing of this one.
                        writes.delete(LEASES, NAMESPACE, name);
                        first = false;
                    }
                    renew();
                    if (cleaned.isBefore(clock.instant().minus(CLEANING))) {
                        clean();
                        cleaned = clock.instant();
                    }
                } catch (StorageException | StatusException e) {
                    LOG.atInfo().addKeyValue("reason", e.getMessage()).log("the identity lease was not renewed");
                }
            } while (!ended.await(RENEWAL.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void renew() {
        if (ended.getCount() == 0) {
            return;
        }
        if (writes.create(LEASES, lease())) {
            return;
        }
        try {
            writes.update(LEASES, NAMESPACE, name, live -> {
                live.set("spec", lease().get("spec"));
                return live;
            });
        } catch (StatusException e) {
            if (e.code() != 404) {
                throw e;
            }
            writes.create(LEASES, lease());
        }
    }

    private ObjectNode lease() {
        var lease =
                JsonNodeFactory.instance.objectNode().put("kind", "Lease").put("apiVersion", "coordination.k8s.io/v1");
        var metadata = lease.putObject("metadata").put("name", name).put("namespace", NAMESPACE);
        metadata.putObject("labels").put(LABEL, COMPONENT).put("kubernetes.io/hostname", hostname);
        lease.putObject("spec")
                .put("holderIdentity", holder)
                .put("leaseDurationSeconds", LEASE_SECONDS)
                .put("renewTime", MICRO_TIME.format(clock.instant()));
        return lease;
    }

    private void clean() {
        for (var lease : cluster.list(LEASES, NAMESPACE)) {
            if (COMPONENT.equals(ObjectMeta.labels(lease).get(LABEL)) && isExpired(lease.path("spec"))) {
                writes.delete(LEASES, NAMESPACE, ObjectMeta.name(lease));
            }
        }
    }

    private boolean isExpired(JsonNode spec) {
        return !spec.hasNonNull("renewTime")
                || !spec.hasNonNull("leaseDurationSeconds")
                || Instant.parse(spec.get("renewTime").asText())
                        .plusSeconds(spec.get("leaseDurationSeconds").asLong())
                        .isBefore(clock.instant());
    }

    /** Takes the lease away. */
    @Override
    public synchronized void close() {
        ended.countDown();
        try {
            writes.delete(LEASES, NAMESPACE, name);
        } catch (StorageException | StatusException e) {
            LOG.atInfo().addKeyValue("reason", e.getMessage()).log("the identity lease is left to others");
        }
    }
}
