package io.pilothouse.controlplane.pki;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A certificate wanted.
 *
 * @param organizations the groups of a client, in Kubernetes' reading of a subject
 * @param names DNS names and IP addresses that it serves; empty for a client
 */
public record Request(
        String commonName, List<String> organizations, List<String> names, Set<Usage> usages, Duration lifetime) {
    private static final Duration YEAR = Duration.ofDays(365);

    /** What a certificate's key may do in TLS. */
    public enum Usage {
        SERVER,
        CLIENT
    }

    /** A client's. */
    public static Request client(String commonName, String... organizations) {
        return new Request(commonName, List.of(organizations), List.of(), Set.of(Usage.CLIENT), YEAR);
    }

    /** A server's. */
    public static Request server(String commonName, List<String> names) {
        return new Request(commonName, List.of(), names, Set.of(Usage.SERVER), YEAR);
    }

    /** For both sides of a connection among equals. */
    public static Request peer(String commonName, List<String> names) {
        return new Request(commonName, List.of(), names, Set.of(Usage.SERVER, Usage.CLIENT), YEAR);
    }
}
