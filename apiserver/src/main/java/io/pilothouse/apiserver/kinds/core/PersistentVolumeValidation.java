package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.apiserver.kinds.pod.NodeSelectorRules;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What must hold for a persistent volume. */
public final class PersistentVolumeValidation {
    static final String MOUNT_OPTIONS = "volume.beta.kubernetes.io/mount-options";
    private static final List<String> MODES =
            List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
    private static final String INLINE = "may not be specified in the context of inline volumes";
    private static final Set<String> WITH_MOUNT_OPTIONS = Set.of(
            "gcePersistentDisk",
            "awsElasticBlockStore",
            "glusterfs",
            "nfs",
            "rbd",
            "quobyte",
            "iscsi",
            "cinder",
            "cephfs",
            "azureFile",
            "vsphereVolume",
            "azureDisk",
            "photonPersistentDisk");
    private static final Map<String, String> NEW_KEYS = Map.of(
            "failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone",
            "failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region",
            "beta.kubernetes.io/os", "kubernetes.io/os",
            "beta.kubernetes.io/arch", "kubernetes.io/arch",
            "beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type");

    private PersistentVolumeValidation() {}

    /** @param old null for a new volume */
    static List<FieldError> validate(ObjectNode volume, @Nullable ObjectNode old) {
        var errors = new ArrayList<FieldError>();
        whole(volume, old, errors);
        if (old != null) {
            // Upstream validates a changed volume twice.
            whole(volume, old, errors);
            changes(Field.of(volume, errors), old.path("spec"));
        }
        return errors;
    }

    private static void whole(ObjectNode volume, @Nullable ObjectNode old, List<FieldError> errors) {
        boolean anyValues = old != null
                && old.path("spec")
                        .path("nodeAffinity")
                        .path("required")
                        .path("nodeSelectorTerms")
                        .valueStream()
                        .anyMatch(PersistentVolumeValidation::hasInvalidValue);
        spec(Field.of(volume, errors).child("spec"), ObjectMeta.name(volume), false, anyValues);
        mountOptions(volume, errors);
    }

    private static boolean hasInvalidValue(JsonNode term) {
        for (var expression : term.path("matchExpressions")) {
            for (var value : expression.path("values")) {
                if (!LabelFormat.value(value.asText("")).isEmpty()) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void mountOptions(ObjectNode volume, List<FieldError> errors) {
        if (WITH_MOUNT_OPTIONS.stream().noneMatch(volume.path("spec")::hasNonNull)
                && ObjectMeta.annotation(volume, MOUNT_OPTIONS).isPresent()) {
            errors.add(FieldError.forbidden(
                    FieldPath.of("metadata", "annotations").child(MOUNT_OPTIONS),
                    "may not specify mount options for this volume type"));
        }
    }

    /** The spec of a volume that stands inline in a volume attachment. */
    public static void inline(Field spec) {
        spec(spec, "", true, false);
    }

    private static void spec(Field spec, String name, boolean inline, boolean anyValues) {
        if (inline) {
            spec.child("claimRef").ifPresent(f -> f.forbidden(INLINE));
            if (!spec.child("capacity").isEmpty()) {
                spec.child("capacity").forbidden(INLINE);
            }
            if (!spec.child("csi").present()) {
                spec.child("csi").required("has to be specified in the context of inline volumes");
            }
        }
        spec.child("accessModes").mustExist();
        modes(spec.child("accessModes"));
        if (!inline) {
            capacity(spec.child("capacity"));
        }
        reclaimPolicy(spec.child("persistentVolumeReclaimPolicy"), inline);
        nodeAffinity(spec.child("nodeAffinity"), inline, anyValues);
        new PersistentVolumeSources(spec, name).check();
        hostRoot(spec);
        var storageClass = spec.child("storageClassName");
        if (!storageClass.isEmpty()) {
            if (inline) {
                storageClass.forbidden(INLINE);
            } else {
                storageClass.matches(LabelFormat::subdomain);
            }
        }
        volumeMode(spec.child("volumeMode"), inline);
        spec.child("volumeAttributesClassName").ifPresent(attributes -> {
            if (attributes.isEmpty()) {
                attributes.required("an empty string is disallowed");
            } else {
                attributes.matches(LabelFormat::subdomain);
            }
            if (!spec.child("csi").present()) {
                spec.child("csi").required("has to be specified when using volumeAttributesClassName");
            }
        });
    }

    private static void modes(Field modes) {
        boolean alone = false;
        boolean others = false;
        for (var mode : modes.items()) {
            // Upstream names the list, not the mode.
            boolean known =
                    MODES.contains(mode.text()) || mode.placedAt(modes.path()).notSupported(MODES);
            alone |= mode.is("ReadWriteOncePod");
            others |= known && !mode.is("ReadWriteOncePod");
        }
        if (alone && others) {
            modes.forbidden("may not use ReadWriteOncePod with other access modes");
        }
    }

    private static void capacity(Field capacity) {
        capacity.mustExist();
        if (!capacity.value().has("storage") || capacity.size() > 1) {
            capacity.add(FieldError.notSupported(
                    capacity.path(), capacity.present() ? sorted(capacity.value()) : null, List.of("storage")));
        }
        capacity.entries((name, amount) -> {
            var quantity = Quantity.parse(amount.text());
            if (quantity.toLong() < 0) {
                amount.invalid(quantity.toLong(), "must be a valid resource quantity");
            }
            if (quantity.signum() <= 0) {
                amount.invalid("must be greater than zero");
            }
        });
    }

    private static JsonNode sorted(JsonNode amounts) {
        var byName = new TreeMap<String, JsonNode>();
        amounts.properties().forEach(e -> byName.put(e.getKey(), e.getValue()));
        return JsonNodeFactory.instance.objectNode().setAll(byName);
    }

    private static void reclaimPolicy(Field policy, boolean inline) {
        if (policy.isEmpty()) {
            return;
        }
        if (!inline) {
            policy.oneOf("Delete", "Recycle", "Retain");
        } else if (!policy.is("Retain")) {
            policy.forbidden("may only be Retain in the context of inline volumes");
        }
    }

    private static void nodeAffinity(Field affinity, boolean inline, boolean anyValues) {
        if (!affinity.present()) {
            return;
        }
        if (inline) {
            affinity.forbidden(INLINE);
        } else if (affinity.child("required").present()) {
            NodeSelectorRules.check(affinity.child("required"), anyValues);
        } else {
            affinity.child("required").required("must specify required node constraints");
        }
    }

    private static void hostRoot(Field spec) {
        String path = spec.child("hostPath", "path").text();
        boolean root = !path.isEmpty() && path.startsWith("/") && path.chars().allMatch(c -> c == '/' || c == '.');
        if (root && spec.child("persistentVolumeReclaimPolicy").is("Recycle")) {
            spec.child("persistentVolumeReclaimPolicy").forbidden("may not be 'recycle' for a hostPath mount of '/'");
        }
    }

    private static void volumeMode(Field mode, boolean inline) {
        if (!mode.present()) {
            return;
        }
        if (!inline) {
            mode.oneOf("Block", "Filesystem");
        } else if (!mode.is("Filesystem")) {
            mode.forbidden("may not specify volumeMode other than Filesystem in the context of inline volumes");
        }
    }

    private static void changes(Field all, JsonNode old) {
        var spec = all.child("spec");
        source(spec, old);
        spec.child("volumeMode").placedAt(FieldPath.of("volumeMode")).immutable(old.path("volumeMode"));
        var affinity = old.path("nodeAffinity");
        if (affinity.isObject() && !sameAffinity(spec.child("nodeAffinity").value(), affinity)) {
            var now = spec.child("nodeAffinity");
            all.add(FieldError.invalid(
                    FieldPath.of("nodeAffinity"),
                    now.present() ? InternalForm.of("VolumeNodeAffinity", now.value()) : null,
                    "field is immutable, except for updating from beta label to GA"));
        }
        if (old.hasNonNull("volumeAttributesClassName")
                && !spec.child("volumeAttributesClassName").present()) {
            spec.child("volumeAttributesClassName").forbidden("update from non-nil value to nil is forbidden");
        }
    }

    private static void source(Field spec, JsonNode old) {
        ObjectNode now = PersistentVolumeSources.only(spec.value());
        ObjectNode before = PersistentVolumeSources.only(old);
        // The secret for expansion may come later.
        if (!before.path("csi").hasNonNull("controllerExpandSecretRef") && before.has("csi")) {
            if (now.get("csi") instanceof ObjectNode csi) {
                ObjectNode without = csi.deepCopy();
                without.remove("controllerExpandSecretRef");
                now.set("csi", without);
            }
        }
        if (!now.equals(before)) {
            spec.child("persistentvolumesource")
                    .forbidden("spec.persistentvolumesource is immutable after creation\n"
                            + InternalForm.diff("PersistentVolumeSource", before, now));
        }
    }

    private static boolean sameAffinity(JsonNode now, JsonNode old) {
        JsonNode renamed = old.deepCopy();
        var terms = renamed.path("required").path("nodeSelectorTerms");
        var nowTerms = now.path("required").path("nodeSelectorTerms");
        for (int i = 0; i < terms.size(); i++) {
            for (String list : new String[] {"matchExpressions", "matchFields"}) {
                var expressions = terms.get(i).path(list);
                for (int j = 0; j < expressions.size(); j++) {
                    String key = expressions.get(j).path("key").asText("");
                    String newKey =
                            nowTerms.path(i).path(list).path(j).path("key").asText("");
                    if (newKey.equals(NEW_KEYS.get(key))) {
                        ((ObjectNode) expressions.get(j)).put("key", newKey);
                    }
                }
            }
        }
        return now.equals(renamed);
    }
}
