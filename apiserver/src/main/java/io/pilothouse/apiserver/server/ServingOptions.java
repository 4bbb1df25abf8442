package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.flags.FlagSet;
import io.pilothouse.http.TlsConfig;
import io.pilothouse.http.TlsSuites;
import io.pilothouse.http.TlsSuites.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/** The flags that say how connections are served. */
final class ServingOptions {
    private static final double MOST_GOAWAYS = 0.02;

    private static final Set<String> SUITES = Set.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_RSA_WITH_AES_128_CBC_SHA",
            "TLS_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_RSA_WITH_AES_256_CBC_SHA",
            "TLS_RSA_WITH_AES_256_GCM_SHA384");

    List<String> cipherSuites = new ArrayList<>();
    String oldestVersion = "";
    List<String> namedCertificates = new ArrayList<>();
    double goawayChance;
    int verbosity;
    boolean profiling = true;

    /** Takes another verbosity over while the server runs. */
    IntConsumer verbositySetter = level -> {
        throw new UnsupportedOperationException("this program's log has one verbosity");
    };

    void declare(FlagSet flags) {
        flags.section("Secure serving");
        flags.list(
                "--tls-cipher-suites",
                cipherSuites,
                value -> cipherSuites = value,
                "up to TLS 1.2, by their IANA names");
        flags.text(
                "--tls-min-version",
                oldestVersion,
                value -> oldestVersion = value,
                "VersionTLS10, VersionTLS11, VersionTLS12, VersionTLS13");
        flags.each(
                "--tls-sni-cert-key",
                namedCertificates,
                value -> namedCertificates = value,
                "CERTIFICATE,KEY or CERTIFICATE,KEY:NAME,NAME: shown to who asks for a name; may be repeated");
        flags.section("Generic");
        flags.fraction(
                "--goaway-chance",
                goawayChance,
                value -> goawayChance = value,
                "the fraction of HTTP/2 requests after which a client is to connect anew; at most 0.02");
        flags.section("Features");
        flags.truth(
                "--profiling",
                profiling,
                value -> profiling = value,
                "profiles at /debug/pprof, the verbosity at /debug/flags/v and DELETE of /metrics");
        flags.section("Logs");
        flags.level(
                        "--v",
                        verbosity,
                        value -> verbosity = value,
                        "how much is logged: from 3 on every request, from 6 on everything")
                .shorthand('v');
    }

    /** Adds what is wrong with the flags. */
    void check(List<String> problems) {
        for (String suite : cipherSuites) {
            if (!SUITES.contains(suite)) {
                problems.add("--tls-cipher-suites: Cipher suite " + suite + " not supported or doesn't exist");
            }
        }
        if (version().isEmpty()) {
            problems.add("--tls-min-version: unknown tls version \"" + oldestVersion + "\"");
        }
        if (goawayChance < 0 || goawayChance > MOST_GOAWAYS) {
            problems.add("--goaway-chance can not be less than 0 or greater than 0.02");
        }
        for (String named : namedCertificates) {
            try {
                NamedCertificate.parse(named);
            } catch (IllegalArgumentException e) {
                problems.add("--tls-sni-cert-key: " + e.getMessage());
            }
        }
    }

    private Optional<Version> version() {
        return switch (oldestVersion) {
            case "", "VersionTLS12" -> Optional.of(Version.TLS_1_2);
            case "VersionTLS10" -> Optional.of(Version.TLS_1_0);
            case "VersionTLS11" -> Optional.of(Version.TLS_1_1);
            case "VersionTLS13" -> Optional.of(Version.TLS_1_3);
            default -> Optional.empty();
        };
    }

    /** A server's identity with all that these flags add to it. */
    TlsConfig applyTo(TlsConfig tls) throws IOException {
        var named = new ArrayList<TlsConfig.NamedIdentity>();
        for (String text : namedCertificates) {
            named.add(NamedCertificate.parse(text).load());
        }
        return tls.withSuites(new TlsSuites(version().orElse(Version.TLS_1_2), cipherSuites))
                .withNamed(named);
    }

    /** The files of identities for some names. */
    List<Path> namedFiles() {
        var files = new ArrayList<Path>();
        for (String text : namedCertificates) {
            var named = NamedCertificate.parse(text);
            files.add(named.certificate());
            files.add(named.key());
        }
        return files;
    }

    /** Says of each HTTP/2 request whether its client is to connect anew, perhaps to another server. */
    BooleanSupplier goaways(RandomGenerator random) {
        return () -> goawayChance > 0 && random.nextDouble() < goawayChance;
    }
}
