package io.pilothouse.storage;

import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The store over etcd's own gRPC services. */
final class GrpcEtcdStore implements EtcdStore {
    private static final Predicate<StatusRuntimeException> READS = Errors::elsewhere;
    private static final Predicate<StatusRuntimeException> WRITES = Errors::untouched;

    private final EtcdConfig config;
    private final Endpoints endpoints;
    private final UnaryCalls calls = new UnaryCalls();
    private final SharedRevision revision = new SharedRevision(this::readRevision);
    private final SharedLeases leases = new SharedLeases(this::grant, InstantSource.system());
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

    GrpcEtcdStore(EtcdConfig config) {
        this.config = config;
        this.endpoints = new Endpoints(config);
    }

    private <Q, R> R read(MethodDescriptor<Q, R> method, Q request) {
        return call(method, request, READS);
    }

    private <Q, R> R write(MethodDescriptor<Q, R> method, Q request) {
        return call(method, request, WRITES);
    }

    private <Q, R> R call(MethodDescriptor<Q, R> method, Q request, Predicate<StatusRuntimeException> retry) {
        long deadline = System.nanoTime() + config.requestTimeout().toNanos();
        for (int attempt = 0; ; attempt++) {
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            ManagedChannel channel =
                    endpoints.ready(left.compareTo(config.connectTimeout()) < 0 ? left : config.connectTimeout());
            long nanos = Math.max(1, attemptNanos(deadline - System.nanoTime(), retry));
            try {
                return calls.call(channel, method, request, nanos);
            } catch (StatusRuntimeException e) {
                StorageException error = Errors.of(e);
                if (error instanceof StorageException.Unavailable || error instanceof StorageException.Timeout) {
                    endpoints.avoid(channel);
                }
                if (!retry.test(e) || System.nanoTime() >= deadline) {
                    throw error;
                }
                pause(attempt);
            }
        }
    }

    /** A read leaves time to ask another member, should this one hang. */
    private long attemptNanos(long left, Predicate<StatusRuntimeException> retry) {
        return endpoints.size() > 1 && retry.equals(READS)
                ? Math.min(left, config.requestTimeout().toNanos() / 3)
                : left;
    }

    private void pause(int attempt) {
        if (attempt < endpoints.size() - 1) {
            return; // another member may be well
        }
        try {
            Thread.sleep(Math.min(200, 20L << Math.min(attempt, 4)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException.Unavailable("interrupted", e);
        }
    }

    @Override
    public Optional<KeyValue> get(String key) {
        return get(key, 0);
    }

    @Override
    public Optional<KeyValue> get(String key, long atRevision) {
        RangeRequest request = RangeRequest.newBuilder()
                .setKey(Wire.key(key))
                .setRevision(atRevision)
                .build();
        return read(KVGrpc.getRangeMethod(), request).getKvsList().stream()
                .findFirst()
                .map(Wire::keyValue);
    }

    @Override
    public RangeResult range(String start, String endExclusive, long atRevision, int limit) {
        RangeResponse response = read(KVGrpc.getRangeMethod(), Wire.range(start, endExclusive, atRevision, limit));
        return new RangeResult(
                Wire.keyValues(response.getKvsList()),
                response.getHeader().getRevision(),
                response.getMore(),
                response.getCount());
    }

    @Override
    public long count(String start, String endExclusive) {
        RangeRequest request = Wire.range(start, endExclusive, 0, 0).toBuilder()
                .setCountOnly(true)
                .build();
        return read(KVGrpc.getRangeMethod(), request).getCount();
    }

    @Override
    public long create(String key, byte[] value, long leaseId) {
        TxnResult result =
                txn(List.of(Compare.absent(key)), List.of(new Op.Put(key, value, leaseId)), List.of(new Op.Get(key)));
        if (!result.succeeded()) {
            throw new StorageException.KeyExists(result.results().getFirst().getFirst());
        }
        return result.revision();
    }

    @Override
    public long update(String key, byte[] value, long expectedModRevision, long leaseId) {
        return conditional(key, expectedModRevision, new Op.Put(key, value, leaseId))
                .revision();
    }

    @Override
    public Deleted delete(String key, long expectedModRevision) {
        TxnResult result = conditional(key, expectedModRevision, new Op.Delete(key));
        return new Deleted(result.results().getFirst().getFirst(), result.revision());
    }

    private TxnResult conditional(String key, long expected, Op op) {
        if (expected <= 0) {
            throw new IllegalArgumentException("a change needs the revision it is based on");
        }
        TxnResult result = txn(List.of(Compare.unchanged(key, expected)), List.of(op), List.of(new Op.Get(key)));
        if (!result.succeeded()) {
            List<KeyValue> current = result.results().getFirst();
            if (current.isEmpty()) {
                throw new StorageException.KeyNotFound(key, result.revision());
            }
            throw new StorageException.RevisionConflict(current.getFirst(), expected);
        }
        return result;
    }

    @Override
    public TxnResult txn(List<Compare> conditions, List<Op> then, List<Op> otherwise) {
        TxnRequest.Builder request = TxnRequest.newBuilder();
        conditions.forEach(condition -> request.addCompare(Wire.compare(condition)));
        then.forEach(op -> request.addSuccess(Wire.op(op)));
        otherwise.forEach(op -> request.addFailure(Wire.op(op)));
        TxnResponse response = write(KVGrpc.getTxnMethod(), request.build());
        return new TxnResult(
                response.getSucceeded(),
                response.getHeader().getRevision(),
                response.getResponsesList().stream().map(Wire::result).toList());
    }

    @Override
    public long linearizableRevision() {
        return revision.get();
    }

    private long readRevision() {
        // A key that can't be there, counted only: the header is all that matters.
        RangeRequest request = RangeRequest.newBuilder()
                .setKey(Wire.key("\0"))
                .setCountOnly(true)
                .build();
        return read(KVGrpc.getRangeMethod(), request).getHeader().getRevision();
    }

    @Override
    public long grant(long ttlSeconds) {
        LeaseGrantRequest request =
                LeaseGrantRequest.newBuilder().setTTL(ttlSeconds).build();
        return read(LeaseGrpc.getLeaseGrantMethod(), request).getID();
    }

    @Override
    public long sharedLease(long ttlSeconds) {
        return leases.get(ttlSeconds);
    }

    @Override
    public void revoke(long leaseId) {
        leases.forget(leaseId);
        LeaseRevokeRequest request =
                LeaseRevokeRequest.newBuilder().setID(leaseId).build();
        write(LeaseGrpc.getLeaseRevokeMethod(), request);
    }

    @Override
    public void compact(long atRevision) {
        CompactionRequest request =
                CompactionRequest.newBuilder().setRevision(atRevision).build();
        write(KVGrpc.getCompactMethod(), request);
    }

    @Override
    public Watch watch(
            String start, String endExclusive, long fromRevision, boolean withPrevious, WatchListener listener) {
        GrpcWatch watch = new GrpcWatch(
                endpoints,
                new GrpcWatch.Range(start, endExclusive, withPrevious),
                fromRevision,
                listener,
                watches::remove);
        watches.add(watch);
        watch.start();
        return watch;
    }

    @Override
    public void close() {
        watches.forEach(Watch::close);
        endpoints.close();
        calls.close();
    }
}
