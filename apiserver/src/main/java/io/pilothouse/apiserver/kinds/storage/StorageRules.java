package io.pilothouse.apiserver.kinds.storage;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Rules that the kinds of storage.k8s.io share. */
public final class StorageRules {
    private static final int LONGEST_DRIVER = 63;
    private static final int MOST_PARAMETERS = 512;
    private static final int LARGEST_PARAMETERS = 256 * 1024;

    private StorageRules() {}

    /** The name of a CSI driver. */
    public static void driverName(Field name) {
        if (!name.mustExist()) {
            return;
        }
        if (name.text().length() > LONGEST_DRIVER) {
            name.add(FieldError.tooLong(name.path(), LONGEST_DRIVER));
        }
        name.matches(text -> LabelFormat.subdomain(text.toLowerCase(Locale.ROOT)));
    }

    /** Who provides volumes. */
    static void provisioner(Field provisioner) {
        if (provisioner.mustExist()) {
            String lower = provisioner.text().toLowerCase(Locale.ROOT);
            LabelFormat.key(lower).forEach(problem -> provisioner.invalid(lower, problem));
        }
    }

    static void parameters(Field parameters, boolean mayBeEmpty) {
        if (parameters.size() > MOST_PARAMETERS) {
            parameters.add(FieldError.tooLong(parameters.path(), MOST_PARAMETERS));
            return;
        }
        parameters.entries((key, value) -> {
            if (key.isEmpty()) {
                parameters.invalid(key, "field can not be empty.");
            }
        });
        if (bytes(parameters) > LARGEST_PARAMETERS) {
            parameters.add(FieldError.tooLong(parameters.path(), LARGEST_PARAMETERS));
        }
        if (!mayBeEmpty && parameters.isEmpty()) {
            parameters.required("must contain at least one key/value pair");
        }
    }

    /** The size of the keys and values of a map. */
    static long bytes(Field map) {
        long size = 0;
        for (var entry : map.value().properties()) {
            size += entry.getKey().getBytes(StandardCharsets.UTF_8).length;
            size += entry.getValue().asText("").getBytes(StandardCharsets.UTF_8).length;
        }
        return size;
    }
}
