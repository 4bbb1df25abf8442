package io.pilothouse.http;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Which TLS versions and cipher suites a server speaks. TLS 1.3's own suites are always among them: they cannot be chosen.
 *
 * @param oldest the oldest version
 * @param chosen suites up to TLS 1.2, by their IANA names, most wanted first; empty for a safe choice
 */
public record TlsSuites(Version oldest, List<String> chosen) {
    /** A version of TLS, by the platform's name. */
    public enum Version {
        TLS_1_0("TLSv1"),
        TLS_1_1("TLSv1.1"),
        TLS_1_2("TLSv1.2"),
        TLS_1_3("TLSv1.3");

        private final String protocol;

        Version(String protocol) {
            this.protocol = protocol;
        }
    }

    public static final TlsSuites DEFAULT = new TlsSuites(Version.TLS_1_2, List.of());

    private static final List<String> TLS_1_3 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    /** What versions before 1.2 need. */
    private static final List<String> OLD = List.of(
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA");

    /** Keeps a copy. */
    public TlsSuites {
        chosen = List.copyOf(chosen);
    }

    String[] protocols() {
        var out = new ArrayList<String>();
        for (var version : Version.values()) {
            if (version.compareTo(oldest) >= 0) {
                out.addFirst(version.protocol);
            }
        }
        return out.toArray(String[]::new);
    }

    List<String> ciphers() {
        var out = new LinkedHashSet<>(TLS_1_3);
        if (!chosen.isEmpty()) {
            out.addAll(chosen);
        } else {
            out.addAll(Http2SecurityUtil.CIPHERS);
            if (oldest.compareTo(Version.TLS_1_2) < 0) {
                out.addAll(OLD);
            }
        }
        return List.copyOf(out);
    }
}
