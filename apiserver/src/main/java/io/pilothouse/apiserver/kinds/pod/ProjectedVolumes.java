package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.field.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Volumes that many sources fill: secrets, config maps, the pod itself, tokens and certificates (core/v1 ProjectedVolumeSource). */
final class ProjectedVolumes {
    private static final List<String> KINDS = List.of(
            "secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate");
    private static final long SHORTEST_TOKEN = 600;
    private static final long LONGEST_TOKEN = 1L << 32;

    private ProjectedVolumes() {}

    static void check(Field volume, PodRules rules) {
        PathRules.mode(volume.child("defaultMode"));
        var paths = new Paths(volume, new HashSet<>());
        volume.child("sources").each(source -> {
            source.child("secret").ifPresent(s -> items(s, paths));
            source.child("configMap").ifPresent(s -> items(s, paths));
            source.child("downwardAPI").ifPresent(s -> downward(s, paths));
            source.child("serviceAccountToken").ifPresent(s -> token(s, volume, rules));
            source.child("clusterTrustBundle").ifPresent(s -> ProjectedCertificates.trustBundle(s, paths));
            source.child("podCertificate").ifPresent(s -> ProjectedCertificates.certificate(s, paths));
            if (KINDS.stream().filter(k -> source.child(k).present()).count() > 1) {
                source.forbidden("may not specify more than 1 volume type per source");
            }
        });
    }

    /** The paths that are taken in a volume; a second source for one is told at the volume, as upstream does. */
    record Paths(Field volume, Set<String> taken) {
        void take(String path, String shown) {
            if (!taken.add(path)) {
                volume.invalid(shown, "conflicting duplicate paths");
            }
        }
    }

    private static void items(Field source, Paths paths) {
        source.child("name").mustExist();
        source.child("items").each(item -> {
            PathRules.keyToPath(item);
            if (!item.child("path").isEmpty()) {
                paths.take(item.child("path").text(), source.child("name").text());
            }
        });
    }

    private static void downward(Field source, Paths paths) {
        source.child("items").each(file -> {
            VolumeSources.downwardFile(file, source.path());
            String path = file.child("path").text();
            if (!path.isEmpty()) {
                paths.take(path, path);
            }
        });
    }

    private static void token(Field token, Field volume, PodRules rules) {
        var seconds = token.child("expirationSeconds");
        if (seconds.number() < SHORTEST_TOKEN) {
            seconds.invalid(seconds.number(), "may not specify a duration less than 10 minutes");
        }
        if (seconds.number() > LONGEST_TOKEN) {
            seconds.invalid(seconds.number(), "may not specify a duration larger than 2^32 seconds");
        }
        // Upstream names the volume's path, not the source's.
        var path = token.child("path").placedAt(volume.path().child("path"));
        if (path.mustExist() && !rules.allows(Allowance.TOKEN_PATHS)) {
            PathRules.notReserved(path);
        }
    }

    /** Whether a token's path leaves its volume. */
    static boolean hasTokenOutside(JsonNode spec) {
        for (var volume : spec.path("volumes")) {
            for (var source : volume.path("projected").path("sources")) {
                var token = source.path("serviceAccountToken");
                if (token.isObject() && !PathRules.notReserved(Field.of(token.path("path"), new ArrayList<>()))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A token needs an account to be one of. */
    static void tokensNeedAccount(Field spec) {
        if (!spec.child("serviceAccountName").isEmpty()) {
            return;
        }
        spec.child("volumes")
                .each(volume -> volume.child("projected", "sources").each(source -> {
                    if (source.child("serviceAccountToken").present()) {
                        source.child("serviceAccountToken")
                                .forbidden("must not be specified when serviceAccountName is not set");
                    }
                }));
    }
}
