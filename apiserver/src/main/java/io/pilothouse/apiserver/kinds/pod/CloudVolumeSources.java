package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.List;

/** What must hold for each kind of volume source that a cloud or a storage product provides. */
public final class CloudVolumeSources {
    private static final int MAX_PARTITION = 255;
    private static final List<String> MANAGED_DISKS =
            List.of("/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}");
    private static final List<String> BLOB_DISKS =
            List.of("https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd");

    private CloudVolumeSources() {}

    public static void gcePersistentDisk(Field source) {
        source.child("pdName").mustExist();
        partition(source.child("partition"));
    }

    public static void awsElasticBlockStore(Field source) {
        source.child("volumeID").mustExist();
        partition(source.child("partition"));
    }

    private static void partition(Field partition) {
        if (partition.number() < 0 || partition.number() > MAX_PARTITION) {
            // Upstream's words, though 0 is fine too.
            partition.invalid("must be between 1 and 255, inclusive");
        }
    }

    static void cinder(Field source) {
        source.child("volumeID").mustExist();
        secretReference(source);
    }

    private static void secretReference(Field source) {
        if (source.child("secretRef").present()) {
            source.child("secretRef", "name").mustExist();
        }
    }

    public static void azureFile(Field source) {
        source.child("secretName").mustExist();
        source.child("shareName").mustExist();
    }

    public static void azureDisk(Field source) {
        source.child("diskName").mustExist();
        source.child("diskURI").mustExist();
        if (source.child("cachingMode").present()) {
            source.child("cachingMode").oneOf("None", "ReadOnly", "ReadWrite");
        }
        var kind = source.child("kind");
        if (!kind.present()) {
            return;
        }
        kind.oneOf("Dedicated", "Managed", "Shared");
        var uri = source.child("diskURI");
        if (kind.is("Managed") && !uri.text().startsWith("/subscriptions/")) {
            uri.notSupported(MANAGED_DISKS);
        }
        if (!kind.is("Managed") && !uri.text().startsWith("https://")) {
            uri.notSupported(BLOB_DISKS);
        }
    }

    public static void storageOs(Field source) {
        if (source.child("volumeName").mustExist()) {
            source.child("volumeName").matches(LabelFormat::label);
        }
        if (!source.child("volumeNamespace").isEmpty()) {
            source.child("volumeNamespace").matches(LabelFormat::label);
        }
        secretReference(source);
    }

    public static void scaleIo(Field source) {
        source.child("gateway").mustExist();
        source.child("system").mustExist();
        source.child("volumeName").mustExist();
    }
}
