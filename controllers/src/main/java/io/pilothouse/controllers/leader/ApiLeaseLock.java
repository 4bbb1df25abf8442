package io.pilothouse.controllers.leader;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Lease of the API server (coordination.k8s.io/v1), reached with get, create and update alone: more is not granted to leaders. */
final class ApiLeaseLock implements LeaseLock {
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;

    private final KubernetesClient client;
    private final String namespace;
    private final String name;

    ApiLeaseLock(KubernetesClient client, String namespace, String name) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
    }

    @Override
    public Optional<Stored> get() {
        return Optional.ofNullable(
                        client.leases().inNamespace(namespace).withName(name).get())
                .map(ApiLeaseLock::stored);
    }

    @Override
    public Optional<Stored> create(LeaderRecord record) {
        return unlessLost(() -> client.resource(lease(record, null)).create());
    }

    @Override
    public Optional<Stored> update(LeaderRecord record, String version) {
        return unlessLost(() -> client.resource(lease(record, version)).update());
    }

    private static Optional<Stored> unlessLost(java.util.function.Supplier<Lease> write) {
        try {
            return Optional.of(stored(write.get()));
        } catch (KubernetesClientException e) {
            if (e.getCode() == CONFLICT || e.getCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Lease lease(LeaderRecord record, @Nullable String version) {
        return new LeaseBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withResourceVersion(version)
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(record.holder())
                .withLeaseDurationSeconds((int) Math.max(1, record.duration().toSeconds()))
                .withAcquireTime(time(record.acquired()))
                .withRenewTime(time(record.renewed()))
                .withLeaseTransitions(record.transitions())
                .endSpec()
                .build();
    }

    private static ZonedDateTime time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).atZone(ZoneOffset.UTC);
    }

    private static Stored stored(Lease lease) {
        var spec = lease.getSpec();
        return new Stored(
                new LeaderRecord(
                        Objects.requireNonNullElse(spec.getHolderIdentity(), ""),
                        Duration.ofSeconds(Objects.requireNonNullElse(spec.getLeaseDurationSeconds(), 0)),
                        instant(spec.getAcquireTime()),
                        instant(spec.getRenewTime()),
                        Objects.requireNonNullElse(spec.getLeaseTransitions(), 0)),
                lease.getMetadata().getResourceVersion());
    }

    private static Instant instant(@Nullable ZonedDateTime time) {
        return time == null ? Instant.EPOCH : time.toInstant();
    }
}
