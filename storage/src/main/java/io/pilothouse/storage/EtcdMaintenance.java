package io.pilothouse.storage;

import io.etcd.jetcd.api.AlarmRequest;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.SnapshotRequest;
import io.etcd.jetcd.api.SnapshotResponse;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What an operator does with a member of etcd. Safe on any thread. */
public final class EtcdMaintenance implements AutoCloseable {
    // etcdserverpb.AlarmType
    private static final int NOSPACE = 1;
    private static final int CORRUPT = 2;

    private final EtcdConfig config;
    private final Endpoints endpoints;

    /** Connects lazily. */
    public EtcdMaintenance(EtcdConfig config) {
        this.config = config;
        this.endpoints = new Endpoints(config);
    }

    /** A member's own account of itself. */
    public record Status(String version, long revision, long databaseBytes) {}

    /** Asks the first member that can be reached. */
    public Status status() {
        ManagedChannel channel = endpoints.ready(config.connectTimeout());
        try {
            StatusResponse status = MaintenanceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(config.requestTimeout().toNanos(), TimeUnit.NANOSECONDS)
                    .status(StatusRequest.getDefaultInstance());
            return new Status(status.getVersion(), status.getHeader().getRevision(), status.getDbSize());
        } catch (StatusRuntimeException e) {
            throw Errors.of(e);
        }
    }

    /** What hinders a cluster until somebody has seen to it. */
    public enum Alarm {
        /** The database has reached its quota: nothing is written any more. */
        NO_SPACE,
        /** A member's data differs from the others'. */
        CORRUPT
    }

    /** The alarms of all members. */
    public Set<Alarm> alarms() {
        ManagedChannel channel = endpoints.ready(config.connectTimeout());
        try {
            AlarmRequest request = AlarmRequest.newBuilder()
                    .setAction(AlarmRequest.AlarmAction.GET)
                    .build();
            Set<Alarm> raised = EnumSet.noneOf(Alarm.class);
            for (var member : MaintenanceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(config.requestTimeout().toNanos(), TimeUnit.NANOSECONDS)
                    .alarm(request)
                    .getAlarmsList()) {
                switch (member.getAlarmValue()) { // by number: the generated type lacks the later ones
                    case NOSPACE -> raised.add(Alarm.NO_SPACE);
                    case CORRUPT -> raised.add(Alarm.CORRUPT);
                    default -> {} // none, or one that is not known here
                }
            }
            return raised;
        } catch (StatusRuntimeException e) {
            throw Errors.of(e);
        }
    }

    /**
     * Writes a whole snapshot: the member's database at one revision with its SHA-256 at the end, as {@code etcdctl snapshot restore} reads it.
     *
     * @throws IOException when the sink fails
     * @throws StorageException when the member fails before the end
     */
    public void snapshot(OutputStream sink, Duration patience) throws IOException {
        ManagedChannel channel = endpoints.ready(config.connectTimeout());
        try {
            Iterator<SnapshotResponse> pieces = MaintenanceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(patience.toNanos(), TimeUnit.NANOSECONDS)
                    .snapshot(SnapshotRequest.getDefaultInstance());
            while (pieces.hasNext()) {
                pieces.next().getBlob().writeTo(sink);
            }
        } catch (StatusRuntimeException e) {
            throw Errors.of(e);
        }
    }

    @Override
    public void close() {
        endpoints.close();
    }
}
