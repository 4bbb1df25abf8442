package io.pilothouse.http;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;

/** Makes Netty's TLS contexts from our configuration: BoringSSL where it loads, else the JDK. */
final class TlsContexts {
    private static final byte[] PROOF = {1};

    /**
     * In what a key lies between its file and the library that signs with it, all in this process. The default type would encrypt it by tens of thousands of
     * rounds, at every start.
     */
    private static final String KEY_STORE = "JKS";

    private TlsContexts() {}

    static SslProvider provider() {
        return OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    }

    static SslContext server(TlsConfig config) throws IOException {
        requirePair(config);
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(config.key(), config.chain())
                    .sslProvider(provider())
                    .keyStoreType(KEY_STORE)
                    .protocols(config.suites().protocols())
                    .ciphers(config.suites().ciphers(), SupportedCipherSuiteFilter.INSTANCE)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2,
                            ApplicationProtocolNames.HTTP_1_1));
            switch (config.clientAuth()) {
                case NONE -> builder.clientAuth(ClientAuth.NONE);
                case OPTIONAL ->
                    builder.clientAuth(ClientAuth.OPTIONAL).trustManager(new AcceptAny(config.clientAuthorities()));
                case REQUIRED -> {
                    builder.clientAuth(ClientAuth.REQUIRE);
                    if (config.clientAuthorities().isEmpty()) {
                        builder.trustManager(new AcceptAny(List.of()));
                    } else {
                        builder.trustManager(config.clientAuthorities());
                    }
                }
            }
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IOException("TLS configuration is not usable: " + config, e);
        }
    }

    /** The native library would find out in the handshakes, all of which would fail. */
    private static void requirePair(TlsConfig config) throws IOException {
        String algorithm = switch (config.key().getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            case "Ed25519", "EdDSA" -> "Ed25519";
            default -> "";
        };
        if (algorithm.isEmpty()) {
            return;
        }
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(config.key());
            signing.update(PROOF);
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(config.chain().getFirst().getPublicKey());
            verifying.update(PROOF);
            if (verifying.verify(signing.sign())) {
                return;
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("tls: private key does not match public key: " + config, e);
        }
        throw new IOException("tls: private key does not match public key: " + config);
    }

    /** Lets every client certificate pass: the handler verifies it, so that a wrong one is answered with 401. */
    private static final class AcceptAny extends X509ExtendedTrustManager {
        private final List<X509Certificate> announced;

        AcceptAny(List<X509Certificate> announced) {
            this.announced = announced;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
            throw new UnsupportedOperationException("for servers only");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            throw new UnsupportedOperationException("for servers only");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            throw new UnsupportedOperationException("for servers only");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return announced.toArray(X509Certificate[]::new);
        }
    }
}
