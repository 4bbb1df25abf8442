package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where volumes stand in a container: as folders and as block devices. */
final class MountValidation {
    private MountValidation() {}

    static void mounts(Field container, Map<String, JsonNode> volumes) {
        var mounts = container.child("volumeMounts");
        var deviceNames = texts(container, "volumeDevices", "name");
        var devicePaths = texts(container, "volumeDevices", "devicePath");
        boolean privileged = container.child("securityContext", "privileged").isTrue();
        var points = new HashSet<String>();
        mounts.each(mount -> {
            var name = mount.child("name");
            var path = mount.child("mountPath");
            name.mustExist();
            if (!volumes.containsKey(name.text())) {
                mount.add(FieldError.notFound(name.path(), name.text()));
            }
            path.mustExist();
            if (!points.add(path.text())) {
                path.invalid(path.text(), "must be unique");
            }
            if (deviceNames.contains(name.text())) {
                name.invalid(name.text(), "must not already exist in volumeDevices");
            }
            if (devicePaths.contains(path.text())) {
                path.invalid(path.text(), "must not already exist as a path in volumeDevices");
            }
            // From here on upstream names the list, not the entry.
            var listed = mount.placedAt(mounts.path());
            subPaths(mount, listed);
            propagation(listed.child("mountPropagation"), privileged);
            recursiveReadOnly(mount, listed.child("recursiveReadOnly"));
        });
    }

    private static Set<String> texts(Field container, String list, String field) {
        var out = new HashSet<String>();
        container.child(list).each(entry -> out.add(entry.child(field).text()));
        return out;
    }

    private static void subPaths(Field mount, Field listed) {
        boolean hasSubPath = !listed.child("subPath").isEmpty();
        if (hasSubPath) {
            PathRules.descending(listed.child("subPath"));
        }
        if (!listed.child("subPathExpr").isEmpty()) {
            if (hasSubPath) {
                mount.child("subPathExpr").invalid("subPathExpr and subPath are mutually exclusive");
            }
            PathRules.descending(listed.child("subPathExpr"));
        }
    }

    private static void propagation(Field propagation, boolean privileged) {
        if (!propagation.present()) {
            return;
        }
        propagation.oneOf("Bidirectional", "HostToContainer", "None");
        if (propagation.is("Bidirectional") && !privileged) {
            propagation.forbidden("Bidirectional mount propagation is available only to privileged containers");
        }
    }

    private static void recursiveReadOnly(Field mount, Field recursive) {
        if (!recursive.present()) {
            return;
        }
        switch (recursive.text()) {
            case "Disabled" -> {}
            case "Enabled", "IfPossible" -> {
                if (!mount.child("readOnly").isTrue()) {
                    recursive.forbidden("may only be specified when readOnly is true");
                }
                var propagation = mount.child("mountPropagation");
                if (propagation.present() && !propagation.is("None")) {
                    recursive.forbidden("may only be specified when mountPropagation is None or not specified");
                }
            }
            default -> recursive.notSupported(List.of("Disabled", "Enabled", "IfPossible"));
        }
    }

    static void devices(Field container, Map<String, JsonNode> volumes) {
        var mountNames = texts(container, "volumeMounts", "name");
        var mountPaths = texts(container, "volumeMounts", "mountPath");
        var names = new HashSet<String>();
        var paths = new HashSet<String>();
        container.child("volumeDevices").each(device -> {
            var name = device.child("name");
            var path = device.child("devicePath");
            name.mustExist();
            if (names.contains(name.text())) {
                name.invalid("must be unique");
            }
            var volume = volumes.get(name.text());
            if (volume == null) {
                device.add(FieldError.notFound(name.path(), name.text()));
            } else if (!volume.has("persistentVolumeClaim") && !volume.has("ephemeral")) {
                name.invalid("can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
            }
            path.mustExist();
            if (paths.contains(path.text())) {
                path.invalid(path.text(), "must be unique");
            }
            if (PathRules.hasBacksteps(path.text())) {
                path.invalid("can not contain backsteps ('..')");
            } else {
                paths.add(path.text());
            }
            if (mountNames.contains(name.text())) {
                name.invalid(name.text(), "must not already exist in volumeMounts");
            }
            if (mountPaths.contains(path.text())) {
                path.invalid(path.text(), "must not already exist as a path in volumeMounts");
            }
            if (!name.isEmpty()) {
                names.add(name.text());
            }
        });
    }
}
