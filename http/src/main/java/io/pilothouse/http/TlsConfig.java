package io.pilothouse.http;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A server's TLS identity and what it asks of clients.
 *
 * @param chain the server's certificates, leaf first
 * @param key the leaf's private key
 * @param clientAuthorities announced to clients so that they pick a fitting certificate; with {@link ClientAuth#REQUIRED} and not empty,
 *     also verified against in the handshake
 * @param clientAuth what is asked of clients
 * @param suites which protocol versions and cipher suites are spoken
 * @param named other identities, for clients that ask for one of their names (RFC 6066); the first that fits is shown
 */
public record TlsConfig(
        List<X509Certificate> chain,
        PrivateKey key,
        List<X509Certificate> clientAuthorities,
        ClientAuth clientAuth,
        TlsSuites suites,
        List<NamedIdentity> named) {
    /**
     * An identity for some names.
     *
     * @param names host names in lower case, or {@code *.} and a domain for all names directly below it
     */
    public record NamedIdentity(List<String> names, List<X509Certificate> chain, PrivateKey key) {
        /** Checks that there is a certificate. */
        public NamedIdentity {
            if (chain.isEmpty()) {
                throw new IllegalArgumentException("no certificate");
            }
            names = List.copyOf(names);
            chain = List.copyOf(chain);
        }

        /** Shows no key. */
        @Override
        public String toString() {
            return "NamedIdentity" + names;
        }
    }

    /** Whether clients are asked for certificates. */
    public enum ClientAuth {
        /** Not asked. */
        NONE,
        /** Asked; any certificate or none passes the handshake, the handler judges it. */
        OPTIONAL,
        /** The handshake fails without one, and with one that the authorities did not sign, if there are any. */
        REQUIRED
    }

    /** Checks that there is a certificate. */
    public TlsConfig {
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("no certificate");
        }
        chain = List.copyOf(chain);
        clientAuthorities = List.copyOf(clientAuthorities);
        named = List.copyOf(named);
    }

    /** Server identity only. */
    public static TlsConfig of(List<X509Certificate> chain, PrivateKey key) {
        return new TlsConfig(chain, key, List.of(), ClientAuth.NONE, TlsSuites.DEFAULT, List.of());
    }

    /**
     * From PEM files.
     *
     * @throws IOException when a file can't be read or holds something else
     */
    public static TlsConfig fromPem(Path certificateChain, Path privateKey) throws IOException {
        return of(Pem.certificates(certificateChain), Pem.privateKey(privateKey));
    }

    /** The same with client certificates asked for. */
    public TlsConfig withClientAuth(ClientAuth auth, List<X509Certificate> authorities) {
        return new TlsConfig(chain, key, authorities, auth, suites, named);
    }

    /** The same with other versions and suites. */
    public TlsConfig withSuites(TlsSuites other) {
        return new TlsConfig(chain, key, clientAuthorities, clientAuth, other, named);
    }

    /** The same with other identities for some names. */
    public TlsConfig withNamed(List<NamedIdentity> identities) {
        return new TlsConfig(chain, key, clientAuthorities, clientAuth, suites, identities);
    }

    /** The same with the identity of a name, alone. */
    TlsConfig as(NamedIdentity identity) {
        return new TlsConfig(identity.chain(), identity.key(), clientAuthorities, clientAuth, suites, List.of());
    }

    /** Shows no key. */
    @Override
    public String toString() {
        return "TlsConfig[subject=" + chain.getFirst().getSubjectX500Principal() + ", clientAuth=" + clientAuth + "]";
    }
}
