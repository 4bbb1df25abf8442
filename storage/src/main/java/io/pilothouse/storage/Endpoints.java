package io.pilothouse.storage;

import io.grpc.ChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/** One connection a member. One of them is preferred until it fails; a call is only sent on a connection that stands. */
final class Endpoints implements AutoCloseable {
    private static final long RETRY_MILLIS = 100;
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final ExecutorService callbacks = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger preferred = new AtomicInteger();
    private final Semaphore stateChange = new Semaphore(0);

    Endpoints(EtcdConfig config) {
        for (URI endpoint : config.endpoints()) {
            boolean secure = endpoint.getScheme().equals("https");
            int port = endpoint.getPort() < 0 ? 2379 : endpoint.getPort();
            channels.add(Grpc.newChannelBuilderForAddress(
                            endpoint.getHost(), port, secure ? tls(config) : InsecureChannelCredentials.create())
                    .executor(callbacks)
                    .maxInboundMessageSize(Integer.MAX_VALUE)
                    .keepAliveTime(10, TimeUnit.SECONDS)
                    .keepAliveTimeout(5, TimeUnit.SECONDS)
                    .disableRetry() // what may be sent twice is decided here
                    .build());
        }
    }

    private static ChannelCredentials tls(EtcdConfig config) {
        if (config.tls().isEmpty()) {
            return TlsChannelCredentials.create();
        }
        EtcdConfig.Tls tls = config.tls().get();
        try {
            TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < tls.authorities().size(); i++) {
                store.setCertificateEntry("ca" + i, tls.authorities().get(i));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            builder.trustManager(trust.getTrustManagers());
            if (tls.key().isPresent()) {
                KeyStore own = KeyStore.getInstance("PKCS12");
                own.load(null, null);
                own.setKeyEntry(
                        "client", tls.key().get(), new char[0], tls.chain().toArray(X509Certificate[]::new));
                KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
                keys.init(own, new char[0]);
                builder.keyManager(keys.getKeyManagers());
            }
            return builder.build();
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new StorageException.Failed("etcd TLS material is not usable", e);
        }
    }

    int size() {
        return channels.size();
    }

    /** The preferred member's connection, or another's that stands; waits for one. */
    ManagedChannel ready(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            int first = preferred.get();
            for (int i = 0; i < channels.size(); i++) {
                int index = (first + i) % channels.size();
                ManagedChannel channel = channels.get(index);
                if (channel.getState(true) == ConnectivityState.READY) {
                    if (i > 0) {
                        preferred.compareAndSet(first, index);
                    }
                    return channel;
                }
            }
            awaitChange(deadline);
        }
    }

    private void awaitChange(long deadline) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new StorageException.Unavailable("no etcd member can be reached", null);
        }
        for (ManagedChannel channel : channels) {
            ConnectivityState state = channel.getState(true);
            if (state == ConnectivityState.READY) {
                return;
            }
            channel.notifyWhenStateChanged(state, stateChange::release);
            if (state == ConnectivityState.TRANSIENT_FAILURE) {
                channel.resetConnectBackoff(); // its own grows to minutes
            }
        }
        try {
            boolean woken = stateChange.tryAcquire(Math.min(left, RETRY_MILLIS), TimeUnit.MILLISECONDS);
            if (woken) {
                stateChange.drainPermits(); // one look around serves all the changes so far
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException.Unavailable("interrupted", e);
        }
    }

    /** That member failed: the next call begins with another. */
    void avoid(ManagedChannel failed) {
        int index = channels.indexOf(failed);
        preferred.compareAndSet(index, (index + 1) % channels.size());
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        for (ManagedChannel channel : channels) {
            try {
                channel.awaitTermination(2, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        callbacks.shutdown();
    }
}
