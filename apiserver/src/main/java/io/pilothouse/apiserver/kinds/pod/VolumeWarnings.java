package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.gotext.GoText;
import java.util.ArrayList;
import java.util.List;

/** Volumes that do nothing any more, and files in volumes that hide each other. */
public final class VolumeWarnings {
    private static final String OLD = ": deprecated in v1.22, non-functional in v1.25+";
    private static final String OLD_CEPH = ": deprecated in v1.28, non-functional in v1.31+";

    /**
     * A kind of volume that is no longer run.
     *
     * @param shown its field as upstream writes it
     */
    private record Gone(String field, String shown, String text) {}

    private static final List<Gone> BEFORE_CLAIMS = List.of(
            new Gone("photonPersistentDisk", "photonPersistentDisk", ": deprecated in v1.11, non-functional in v1.16+"),
            new Gone("gitRepo", "gitRepo", ": deprecated in v1.11, and disabled by default in v1.33+"),
            new Gone("scaleIO", "scaleIO", ": deprecated in v1.16, non-functional in v1.22+"),
            new Gone("flocker", "flocker", OLD),
            new Gone("storageos", "storageOS", OLD),
            new Gone("quobyte", "quobyte", OLD),
            new Gone("glusterfs", "glusterfs", ": deprecated in v1.25, non-functional in v1.26+"));
    private static final List<Gone> AFTER_CLAIMS =
            List.of(new Gone("cephfs", "cephfs", OLD_CEPH), new Gone("rbd", "rbd", OLD_CEPH));

    private VolumeWarnings() {}

    static void of(JsonNode volumes, FieldPath path, List<String> warnings) {
        int index = 0;
        for (var volume : volumes) {
            var at = path.index(index++);
            gone(volume, at, BEFORE_CLAIMS, warnings);
            claim(
                    volume.path("ephemeral").path("volumeClaimTemplate").path("spec"),
                    at.child("ephemeral", "volumeClaimTemplate").child("spec"),
                    warnings);
            gone(volume, at, AFTER_CLAIMS, warnings);
        }
        volumes.forEach(volume -> overlaps(volume, warnings));
    }

    private static void gone(JsonNode volume, FieldPath at, List<Gone> kinds, List<String> warnings) {
        for (var kind : kinds) {
            if (volume.has(kind.field())) {
                warnings.add(at.child(kind.shown()) + kind.text());
            }
        }
    }

    /** What is to be said of a claim's spec. */
    public static void claim(JsonNode spec, FieldPath at, List<String> warnings) {
        for (String list : List.of("requests", "limits")) {
            PodWarnings.fraction(
                    spec.path("resources").path(list).path("storage"),
                    at.child("resources", list).key("storage"),
                    warnings);
        }
    }

    /** A file in a volume and what it comes from; the latter is empty where the volume has one source. */
    private record File(String path, String source) {
        boolean collides(File other) {
            return !path.isEmpty()
                    && !other.path.isEmpty()
                    && ((other.path + "/").startsWith(path + "/") || (path + "/").startsWith(other.path + "/"));
        }

        @Override
        public String toString() {
            return GoText.quote(path) + (source.isEmpty() ? "" : " (" + source + ")");
        }
    }

    private static void overlaps(JsonNode volume, List<String> warnings) {
        var name = volume.path("name").asText("");
        var config = volume.path("configMap");
        overlaps(
                name,
                "ConfigMap " + GoText.quote(config.path("name").asText("")),
                files(config.path("items"), ""),
                warnings);
        var secret = volume.path("secret");
        overlaps(
                name,
                "Secret " + GoText.quote(secret.path("secretName").asText("")),
                files(secret.path("items"), ""),
                warnings);
        overlaps(name, "DownwardAPI", files(volume.path("downwardAPI").path("items"), ""), warnings);
        var all = new ArrayList<File>();
        for (var source : volume.path("projected").path("sources")) {
            if (source.isEmpty()) {
                warnings.add("volume " + GoText.quote(name) + " (Projected) has no sources provided");
            } else {
                all.addAll(projected(source));
            }
        }
        overlaps(name, "Projected", all, warnings);
    }

    private static void overlaps(String volume, String kind, List<File> files, List<String> warnings) {
        for (int i = 0; i < files.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (files.get(i).collides(files.get(j))) {
                    warnings.add("volume " + GoText.quote(volume) + " (" + kind + "): overlapping paths: "
                            + files.get(i) + " with " + files.get(j));
                }
            }
        }
    }

    private static List<File> files(JsonNode items, String source) {
        var files = new ArrayList<File>();
        items.forEach(item -> files.add(file(item.path("path").asText(""), source)));
        return files;
    }

    private static File file(String path, String source) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return new File(path.substring(0, end), source);
    }

    private static List<File> projected(JsonNode source) {
        if (source.path("configMap").has("items")) {
            return files(source.path("configMap").path("items"), named(source.path("configMap"), "ConfigMap "));
        }
        if (source.path("secret").has("items")) {
            return files(source.path("secret").path("items"), named(source.path("secret"), "Secret "));
        }
        if (source.path("downwardAPI").has("items")) {
            return files(source.path("downwardAPI").path("items"), "DownwardAPI");
        }
        if (source.has("serviceAccountToken")) {
            return List.of(file(source.path("serviceAccountToken").path("path").asText(""), "ServiceAccountToken"));
        }
        if (source.has("clusterTrustBundle")) {
            var bundle = source.path("clusterTrustBundle");
            String name =
                    bundle.path(bundle.has("name") ? "name" : "signerName").asText("");
            return List.of(file(bundle.path("path").asText(""), "ClusterTrustBundle " + GoText.quote(name)));
        }
        var files = new ArrayList<File>();
        var certificate = source.path("podCertificate");
        String[] kinds = {"certificateChainPath", "chain", "keyPath", "key", "credentialBundlePath", "credential bundle"
        };
        for (int i = 0; i < kinds.length; i += 2) {
            String path = certificate.path(kinds[i]).asText("");
            if (!path.isEmpty()) {
                files.add(file(path, "PodCertificate " + kinds[i + 1]));
            }
        }
        return files;
    }

    private static String named(JsonNode source, String kind) {
        return kind + GoText.quote(source.path("name").asText(""));
    }
}
