package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.pod.CloudVolumeSources;
import io.pilothouse.apiserver.kinds.pod.PathRules;
import io.pilothouse.apiserver.kinds.pod.VolumeSources;
import io.pilothouse.apiserver.kinds.storage.StorageRules;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What must hold for the one source that a persistent volume has. */
final class PersistentVolumeSources {
    private static final Pattern IQN = Pattern.compile("iqn\\.\\d{4}-\\d{2}\\.([\\p{Alnum}.-]+)(:[^,;*&$|\\s]+)$");
    private static final Pattern EUI = Pattern.compile("^eui.\\p{Alnum}{16}$");
    private static final Pattern NAA = Pattern.compile("^naa.\\p{Alnum}{32}$");
    private static final int MAX_LUN = 255;
    private static final int LONGEST_PORTAL = 64;
    private static final String SECOND = "may not specify more than 1 volume type";

    private final Field spec;
    private final String volume;
    private int found;

    PersistentVolumeSources(Field spec, String volume) {
        this.spec = spec;
        this.volume = volume;
    }

    /** Every kind of source, in upstream's order. */
    private Map<String, Consumer<Field>> kinds() {
        Map<String, Consumer<Field>> out = new LinkedHashMap<>();
        out.put("hostPath", VolumeSources::hostPath);
        out.put(
                "gcePersistentDisk",
                source -> CloudVolumeSources.gcePersistentDisk(
                        source.placedAt(spec.path().child("persistentDisk"))));
        out.put("awsElasticBlockStore", CloudVolumeSources::awsElasticBlockStore);
        out.put("glusterfs", PersistentVolumeSources::glusterfs);
        out.put("flocker", VolumeSources::flocker);
        out.put("nfs", VolumeSources::nfs);
        out.put("rbd", VolumeSources::rbd);
        out.put("quobyte", VolumeSources::quobyte);
        out.put("cephfs", source -> source.child("monitors").mustExist());
        out.put("iscsi", this::iscsi);
        out.put("cinder", source -> {
            source.child("volumeID").mustExist();
            secretOf(source);
        });
        out.put("fc", VolumeSources::fc);
        out.put("flexVolume", VolumeSources::flexVolume);
        out.put("azureFile", PersistentVolumeSources::azureFile);
        out.put("vsphereVolume", source -> source.child("volumePath").mustExist());
        out.put("photonPersistentDisk", source -> source.child("pdID").mustExist());
        out.put("portworxVolume", source -> source.child("volumeID").mustExist());
        out.put("azureDisk", CloudVolumeSources::azureDisk);
        out.put("scaleIO", CloudVolumeSources::scaleIo);
        out.put("local", this::local);
        out.put("storageos", PersistentVolumeSources::storageOs);
        out.put("csi", PersistentVolumeSources::csi);
        return out;
    }

    /** A spec with nothing but its source. */
    static ObjectNode only(JsonNode spec) {
        var out = JsonNodeFactory.instance.objectNode();
        new PersistentVolumeSources(Field.of(spec, new ArrayList<>()), "")
                .kinds()
                .keySet()
                .forEach(kind -> {
                    if (spec.hasNonNull(kind)) {
                        out.set(kind, spec.get(kind));
                    }
                });
        return out;
    }

    void check() {
        kinds().forEach((kind, rule) -> {
            var source = spec.child(kind);
            if (!source.present()) {
                return;
            }
            if (found > 0 && !kind.equals("flexVolume")) {
                // Upstream writes this one's name so here, and only here.
                (kind.equals("cephfs") ? source.placedAt(spec.path().child("cephFS")) : source).forbidden(SECOND);
                return;
            }
            found++;
            rule.accept(source);
        });
        if (found == 0) {
            spec.required("must specify a volume type");
        }
    }

    private static void glusterfs(Field source) {
        VolumeSources.glusterfs(source);
        source.child("endpointsNamespace").ifPresent(namespace -> {
            if (namespace.isEmpty()) {
                namespace.invalid("if the endpointnamespace is set, it must be a valid namespace name");
            } else {
                namespace.matches(LabelFormat::label);
            }
        });
    }

    private void iscsi(Field source) {
        var portal = source.child("targetPortal");
        portal.mustExist();
        var initiator = source.child("initiatorName");
        if (initiator.present() && (volume + ":" + portal.text()).length() > LONGEST_PORTAL) {
            portal.placedAt(source.path().child("targetportal"))
                    .invalid(
                            portal.text(),
                            "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if"
                                    + " iscsi.initiatorName is specified.");
        }
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
        source.child("secretRef").ifPresent(secret -> secret.child("name").mustExist());
        initiator.ifPresent(name -> initiator(name.placedAt(source.path().child("initiatorname"))));
    }

    private static void initiator(Field name) {
        String text = name.text();
        boolean valid = switch (text.length() < 3 ? "" : text.substring(0, 3)) {
            case "iqn" -> IQN.matcher(text).find();
            case "eui" -> EUI.matcher(text).find();
            case "naa" -> NAA.matcher(text).find();
            default -> false;
        };
        if (!valid) {
            name.invalid(text, "must be valid format");
        }
    }

    private static void secretOf(Field source) {
        source.child("secretRef").ifPresent(secret -> {
            secret.child("name").mustExist();
            secret.child("namespace").mustExist();
        });
    }

    private static void azureFile(Field source) {
        CloudVolumeSources.azureFile(source);
        source.child("secretNamespace").ifPresent(Field::mustExist);
    }

    private void local(Field source) {
        if (source.child("path").mustExist()) {
            PathRules.noBacksteps(source.child("path"));
        }
        if (!spec.child("nodeAffinity").present()) {
            spec.child("nodeAffinity").required("Local volume requires node affinity");
        }
    }

    private static void storageOs(Field source) {
        if (source.child("volumeName").mustExist()) {
            source.child("volumeName").matches(LabelFormat::label);
        }
        if (!source.child("volumeNamespace").isEmpty()) {
            source.child("volumeNamespace").matches(LabelFormat::label);
        }
        secretOf(source);
    }

    private static void csi(Field source) {
        StorageRules.driverName(source.child("driver"));
        source.child("volumeHandle").mustExist();
        for (String reference : new String[] {
            "controllerPublishSecretRef", "controllerExpandSecretRef", "nodePublishSecretRef", "nodeExpandSecretRef"
        }) {
            source.child(reference).ifPresent(secret -> {
                if (secret.child("name").mustExist()) {
                    secret.child("name").matches(LabelFormat::subdomain);
                }
                if (secret.child("namespace").mustExist()) {
                    secret.child("namespace").matches(LabelFormat::label);
                }
            });
        }
    }
}
