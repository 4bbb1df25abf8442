package io.pilothouse.http;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A client's TLS material; also makes contexts for other clients.
 *
 * @param authorities who may sign servers' certificates; empty for the system's
 * @param chain our certificate, leaf first; empty for none
 * @param key the leaf's key
 * @param verify whether the server's certificate and name are checked at all; upstream's API server does not where no kubelet authority is
 *     configured
 */
public record ClientTls(
        List<X509Certificate> authorities, List<X509Certificate> chain, Optional<PrivateKey> key, boolean verify) {
    /** Trusts those authorities and shows no certificate. */
    public static ClientTls trusting(List<X509Certificate> authorities) {
        return new ClientTls(authorities, List.of(), Optional.empty(), true);
    }

    /** The same with a certificate of our own. */
    public ClientTls withIdentity(List<X509Certificate> newChain, PrivateKey newKey) {
        return new ClientTls(authorities, newChain, Optional.of(newKey), verify);
    }

    /** The same without any check of the server. */
    public ClientTls unverified() {
        return new ClientTls(authorities, chain, key, false);
    }

    /**
     * A context with it.
     *
     * @throws IOException when the material is not usable
     */
    public SSLContext context() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(), trustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS client material is not usable", e);
        }
    }

    private KeyManager[] keyManagers() throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        if (key.isPresent()) {
            store.setKeyEntry("client", key.get(), new char[0], chain.toArray(X509Certificate[]::new));
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private TrustManager[] trustManagers() throws GeneralSecurityException, IOException {
        if (!verify) {
            return new TrustManager[] {new TrustAny()};
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        if (authorities.isEmpty()) {
            factory.init((KeyStore) null);
        } else {
            KeyStore store = emptyStore();
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("ca" + i, authorities.get(i));
            }
            factory.init(store);
        }
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Shows no key. */
    @Override
    public String toString() {
        return "ClientTls[authorities=" + authorities.size() + ", identity=" + key.isPresent() + ", verify=" + verify
                + "]";
    }

    /** For {@link ClientTls#unverified}. The extended class, since the JDK adds checks of its own around a plain one. */
    private static final class TrustAny extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
