package io.pilothouse.apiserver.kinds.core;

import static io.pilothouse.apiserver.kinds.Trees.fill;
import static io.pilothouse.apiserver.kinds.Trees.with;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a persistent volume says where its author said nothing. */
public final class PersistentVolumeDefaults {
    private PersistentVolumeDefaults() {}

    static void apply(ObjectNode volume) {
        var status = volume.withObjectProperty("status");
        fill(status, "phase", "Pending");
        var spec = volume.withObjectProperty("spec");
        fill(spec, "persistentVolumeReclaimPolicy", "Retain");
        if (!spec.hasNonNull("volumeMode")) {
            spec.put("volumeMode", "Filesystem");
        }
        sources(spec);
    }

    /** What volume sources say of themselves, in a volume and where one stands inline. */
    public static void sources(ObjectNode spec) {
        with(spec, "hostPath", source -> {
            if (!source.hasNonNull("type")) {
                source.put("type", "");
            }
        });
        with(spec, "rbd", source -> {
            fill(source, "pool", "rbd");
            fill(source, "user", "admin");
            fill(source, "keyring", "/etc/ceph/keyring");
        });
        with(spec, "iscsi", source -> fill(source, "iscsiInterface", "default"));
        with(spec, "azureDisk", source -> {
            absent(source, "cachingMode", "ReadWrite");
            absent(source, "fsType", "ext4");
            fill(source, "readOnly", false);
            absent(source, "kind", "Shared");
        });
        with(spec, "scaleIO", source -> {
            fill(source, "storageMode", "ThinProvisioned");
            fill(source, "fsType", "xfs");
        });
    }

    private static void absent(ObjectNode node, String field, String value) {
        if (!node.hasNonNull(field)) {
            node.put(field, value);
        }
    }
}
