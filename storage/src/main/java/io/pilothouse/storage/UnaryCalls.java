package io.pilothouse.storage;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls of etcd with one request and one answer, for which the calling thread waits. An answer is read on the connection's thread, which so
 * wakes the caller once and not for each part of it. Safe for use by many threads.
 */
final class UnaryCalls implements AutoCloseable {
    private static final CallOptions ON_CONNECTION = CallOptions.DEFAULT.withExecutor(Runnable::run);

    /** A member without a leader refuses such calls instead of keeping silent. */
    static final ClientInterceptor REQUIRE_LEADER = requireLeader();

    /** Keeps the deadlines: a connection's thread would be woken to take note of each. */
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("etcd-deadlines-", 0).factory());

    UnaryCalls() {
        timer.setRemoveOnCancelPolicy(true);
        // A call after the end needs no deadline: its connection refuses it, in words that callers know.
        timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        // While something nearer is to come, the timer's thread need not wake for a deadline either.
        var _ = timer.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.SECONDS);
    }

    private static ClientInterceptor requireLeader() {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), "true");
        return MetadataUtils.newAttachHeadersInterceptor(metadata);
    }

    /** Asks, and waits for the answer for so long. @throws StatusRuntimeException DEADLINE_EXCEEDED, CANCELLED if interrupted, or what etcd says */
    <Q, R> R call(Channel channel, MethodDescriptor<Q, R> method, Q request, long nanos) {
        Answer<R> answer = new Answer<>();
        try (Context.CancellableContext context =
                Context.current().withDeadlineAfter(nanos, TimeUnit.NANOSECONDS, timer)) {
            context.run(() -> ClientCalls.asyncUnaryCall(
                    REQUIRE_LEADER.interceptCall(method, ON_CONNECTION, channel), request, answer));
            return answer.await(context);
        }
    }

    private static final class Answer<R> implements StreamObserver<R> {
        private final CompletableFuture<R> whole = new CompletableFuture<>();
        private @Nullable R value;

        @Override
        public void onNext(R message) {
            value = message;
        }

        @Override
        public void onError(Throwable failure) {
            whole.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            if (value == null) {
                onError(Status.INTERNAL.withDescription("no answer").asRuntimeException());
            } else {
                whole.complete(value);
            }
        }

        R await(Context.CancellableContext context) {
            try {
                return whole.get();
            } catch (InterruptedException e) {
                context.cancel(e);
                Thread.currentThread().interrupt();
                throw Status.CANCELLED
                        .withDescription("Thread interrupted")
                        .withCause(e)
                        .asRuntimeException();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof StatusRuntimeException status
                        ? status
                        : Status.fromThrowable(e).asRuntimeException();
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
