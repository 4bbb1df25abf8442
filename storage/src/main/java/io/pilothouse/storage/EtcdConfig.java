package io.pilothouse.storage;

import java.net.URI;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How to reach etcd.
 *
 * @param endpoints {@code http://host:port} or {@code https://host:port}, of members of one cluster; the first that answers is used
 * @param tls for https endpoints; empty trusts the system's authorities and shows no certificate
 * @param requestTimeout for one call, retries on other members included
 * @param connectTimeout how long a call waits for any member to be connected
 */
public record EtcdConfig(List<URI> endpoints, Optional<Tls> tls, Duration requestTimeout, Duration connectTimeout) {
    /**
     * TLS material.
     *
     * @param authorities who may sign members' certificates
     * @param chain our certificate, leaf first; empty for none
     * @param key the leaf's key
     */
    public record Tls(List<X509Certificate> authorities, List<X509Certificate> chain, Optional<PrivateKey> key) {
        /** Shows no key. */
        @Override
        public String toString() {
            return "Tls[authorities=" + authorities.size() + ", client certificate=" + !chain.isEmpty() + "]";
        }
    }

    /** Checks the endpoints. */
    public EtcdConfig {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("no etcd endpoint");
        }
        for (URI endpoint : endpoints) {
            boolean known = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
            if (!known || endpoint.getHost() == null) {
                throw new IllegalArgumentException("not an http(s)://host:port etcd endpoint: " + endpoint);
            }
        }
    }

    /** Plain text, 10 s a call, 5 s to connect. */
    public static EtcdConfig of(List<URI> endpoints) {
        return new EtcdConfig(endpoints, Optional.empty(), Duration.ofSeconds(10), Duration.ofSeconds(5));
    }

    /** The same with TLS. */
    public EtcdConfig withTls(Tls newTls) {
        return new EtcdConfig(endpoints, Optional.of(newTls), requestTimeout, connectTimeout);
    }

    /** The same with other timeouts. */
    public EtcdConfig withTimeouts(Duration request, Duration connect) {
        return new EtcdConfig(endpoints, tls, request, connect);
    }
}
