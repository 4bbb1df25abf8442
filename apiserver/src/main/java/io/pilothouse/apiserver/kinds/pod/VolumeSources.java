package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** What must hold for each kind of volume source that needs no cloud. */
public final class VolumeSources {
    private static final Pattern IQN = Pattern.compile("iqn\\.\\d{4}-\\d{2}\\.([\\p{Alnum}.-]+)(:[^,;*&$|\\s]+)$");
    private static final Pattern EUI = Pattern.compile("^eui.\\p{Alnum}{16}$");
    private static final Pattern NAA = Pattern.compile("^naa.\\p{Alnum}{32}$");
    private static final int MAX_LUN = 255;
    private static final int LONGEST_TENANT = 64;
    private static final int LONGEST_DRIVER = 63;
    private static final String PAIRS = "must be a host:port pair or multiple pairs separated by commas";

    private VolumeSources() {}

    public static void hostPath(Field source) {
        if (!source.child("path").mustExist()) {
            return;
        }
        PathRules.noBacksteps(source.child("path"));
        if (source.child("type").present()) {
            source.child("type")
                    .oneOf(
                            "",
                            "BlockDevice",
                            "CharDevice",
                            "Directory",
                            "DirectoryOrCreate",
                            "File",
                            "FileOrCreate",
                            "Socket");
        }
    }

    static void gitRepo(Field source) {
        source.child("repository").mustExist();
        PathRules.descending(source.child("directory"));
    }

    static void secret(Field source) {
        source.child("secretName").mustExist();
        items(source);
    }

    static void configMap(Field source) {
        source.child("name").mustExist();
        items(source);
    }

    private static void items(Field source) {
        PathRules.mode(source.child("defaultMode"));
        source.child("items").each(PathRules::keyToPath);
    }

    public static void nfs(Field source) {
        source.child("server").mustExist();
        var path = source.child("path");
        path.mustExist();
        if (!path.text().startsWith("/")) {
            path.invalid(path.text(), "must be an absolute path");
        }
    }

    static void iscsi(Field source) {
        source.child("targetPortal").mustExist();
        if (source.child("iqn").mustExist()) {
            initiator(source.child("iqn"));
        }
        var lun = source.child("lun");
        if (lun.number() < 0 || lun.number() > MAX_LUN) {
            lun.invalid("must be between 0 and 255, inclusive");
        }
        boolean authenticates = source.child("chapAuthDiscovery").isTrue()
                || source.child("chapAuthSession").isTrue();
        if (authenticates && !source.child("secretRef").present()) {
            source.child("secretRef").required("");
        }
        var name = source.child("initiatorName");
        if (name.present()) {
            initiator(name.placedAt(source.path().child("initiatorname")));
        }
    }

    private static void initiator(Field name) {
        String text = name.text();
        if (!text.startsWith("iqn") && !text.startsWith("eui") && !text.startsWith("naa")) {
            name.invalid("must be valid format starting with iqn, eui, or naa");
            return;
        }
        var pattern = text.startsWith("iqn") ? IQN : text.startsWith("eui") ? EUI : NAA;
        if (!pattern.matcher(text).find()) {
            name.invalid("must be valid format");
        }
    }

    public static void glusterfs(Field source) {
        source.child("endpoints").mustExist();
        source.child("path").mustExist();
    }

    public static void flocker(Field source) {
        var name = source.child("datasetName");
        boolean identified = !source.child("datasetUUID").isEmpty();
        if (name.isEmpty() && !identified) {
            source.required("one of datasetName and datasetUUID is required");
        }
        if (!name.isEmpty() && identified) {
            source.invalid("resource", "datasetName and datasetUUID can not be specified simultaneously");
        }
        if (name.text().contains("/")) {
            name.invalid("must not contain '/'");
        }
    }

    public static void rbd(Field source) {
        source.child("monitors").mustExist();
        source.child("image").mustExist();
    }

    public static void quobyte(Field source) {
        var registry = source.child("registry");
        if (registry.isEmpty()) {
            registry.required(PAIRS);
        } else if (source.child("tenant").text().length() > LONGEST_TENANT) {
            source.child("tenant").required("must be a UUID and may not exceed a length of 64 characters");
        } else {
            for (String pair : registry.text().split(",", -1)) {
                if (!isHostAndPort(pair)) {
                    registry.invalid(PAIRS);
                }
            }
        }
        source.child("volume").mustExist();
    }

    /** What Go's net.SplitHostPort takes: one colon outside brackets. */
    private static boolean isHostAndPort(String pair) {
        int colon = pair.lastIndexOf(':');
        if (colon < 0) {
            return false;
        }
        String host = pair.substring(0, colon);
        if (host.startsWith("[")) {
            return host.endsWith("]") && host.indexOf('[', 1) < 0;
        }
        return host.indexOf(':') < 0 && host.indexOf('[') < 0 && host.indexOf(']') < 0;
    }

    static void downwardApi(Field source) {
        PathRules.mode(source.child("defaultMode"));
        // Upstream names the source, not the file.
        source.child("items").each(file -> downwardFile(file, source.path()));
    }

    /** core/v1 DownwardAPIVolumeFile. */
    static void downwardFile(Field given, FieldPath at) {
        var file = given.placedAt(at);
        file.child("path").mustExist();
        PathRules.notReserved(file.child("path"));
        if (file.child("fieldRef").present()) {
            FieldReferences.ofVolume(file.child("fieldRef"));
            if (file.child("resourceFieldRef").present()) {
                file.invalid("resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
            }
        } else if (file.child("resourceFieldRef").present()) {
            FieldReferences.resource(file.child("resourceFieldRef"), true);
        } else {
            file.required("one of fieldRef and resourceFieldRef is required");
        }
        PathRules.mode(file.child("mode"));
    }

    public static void fc(Field source) {
        var names = source.child("targetWWNs");
        boolean identified = !source.child("wwids").isEmpty();
        if (names.isEmpty() && !identified) {
            names.required("must specify either targetWWNs or wwids, but not both");
        }
        if (!names.isEmpty() && identified) {
            names.invalid("targetWWNs and wwids can not be specified simultaneously");
        }
        if (!names.isEmpty()) {
            var lun = source.child("lun");
            if (!lun.present()) {
                lun.required("lun is required if targetWWNs is specified");
            } else if (lun.number() < 0 || lun.number() > MAX_LUN) {
                lun.invalid("must be between 0 and 255, inclusive");
            }
        }
    }

    public static void flexVolume(Field source) {
        source.child("driver").mustExist();
        source.child("options").entries((key, option) -> {
            int slash = key.indexOf('/');
            String domain = "." + (slash < 0 ? key : key.substring(0, slash)).toLowerCase(Locale.ROOT);
            if (domain.endsWith(".kubernetes.io") || domain.endsWith(".k8s.io")) {
                option.invalid(key, "kubernetes.io and k8s.io namespaces are reserved");
            }
        });
    }

    static void csi(Field source) {
        driver(source.child("driver"));
        if (source.child("nodePublishSecretRef").present()) {
            var name = source.child("nodePublishSecretRef", "name");
            if (name.mustExist()) {
                // Upstream names the source, not the reference.
                name.placedAt(source.path().child("name")).matches(LabelFormat::subdomain);
            }
        }
    }

    private static void driver(Field driver) {
        if (!driver.mustExist()) {
            return;
        }
        if (driver.text().length() > LONGEST_DRIVER) {
            driver.add(FieldError.tooLong(driver.path(), LONGEST_DRIVER));
        }
        driver.matches(text -> LabelFormat.subdomain(text.toLowerCase(Locale.ROOT)));
    }

    static void image(Field source, PodRules rules) {
        if (rules.isPod()) {
            source.child("reference").mustExist();
        }
        ContainerValidation.pullPolicy(source.child("pullPolicy"));
    }
}
