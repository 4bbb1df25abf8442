package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.field.TextFormat;
import java.util.List;

/** Environment variables of containers, one by one and from whole config maps and secrets. */
final class EnvironmentValidation {
    private static final String TOO_MANY = "may not have more than one field specified at a time";
    private static final List<String> SOURCES =
            List.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef");

    private EnvironmentValidation() {}

    static void variables(Field variables) {
        variables.each(variable -> {
            if (variable.child("name").mustExist()) {
                variable.child("name").matches(TextFormat::relaxedEnvironmentName);
            }
            variable.child("valueFrom")
                    .ifPresent(from -> valueFrom(from, !variable.child("value").isEmpty()));
        });
    }

    private static void valueFrom(Field from, boolean hasValue) {
        from.child("fieldRef").ifPresent(FieldReferences::ofEnvironment);
        from.child("resourceFieldRef").ifPresent(ref -> FieldReferences.resource(ref, false));
        from.child("configMapKeyRef").ifPresent(EnvironmentValidation::key);
        from.child("secretKeyRef").ifPresent(EnvironmentValidation::key);
        from.child("fileKeyRef").ifPresent(EnvironmentValidation::file);
        long count = SOURCES.stream().filter(s -> from.child(s).present()).count();
        if (count == 0) {
            from.invalid(
                    "",
                    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
        } else if (hasValue) {
            from.invalid("", "may not be specified when `value` is not empty");
        } else if (count > 1) {
            from.invalid("", TOO_MANY);
        }
    }

    /** A key of a config map or a secret. */
    private static void key(Field reference) {
        reference.child("name").matches(LabelFormat::subdomain);
        if (reference.child("key").mustExist()) {
            reference.child("key").matches(TextFormat::configKey);
        }
    }

    /** A key in a file that the pod's own containers write. */
    private static void file(Field reference) {
        if (reference.child("key").mustExist()) {
            reference.child("key").matches(TextFormat::relaxedEnvironmentName);
        }
        if (reference.child("volumeName").mustExist()) {
            reference.child("volumeName").matches(LabelFormat::label);
        }
        if (reference.child("path").mustExist()) {
            PathRules.noBacksteps(reference.child("path"));
        }
    }

    static void sources(Field sources) {
        sources.each(source -> {
            if (!source.child("prefix").isEmpty()) {
                source.child("prefix").matches(TextFormat::relaxedEnvironmentName);
            }
            int count = 0;
            for (String kind : List.of("configMapRef", "secretRef")) {
                if (source.child(kind).present()) {
                    count++;
                    var name = source.child(kind, "name");
                    if (name.mustExist()) {
                        name.matches(EnvironmentValidation::namePrefix);
                    }
                }
            }
            // Upstream names the list, not the entry.
            if (count == 0) {
                sources.invalid("", "must specify one of: `configMapRef` or `secretRef`");
            } else if (count > 1) {
                sources.invalid("", TOO_MANY);
            }
        });
    }

    /** Upstream takes such a name for a prefix and does not look at its last two characters where it ends with a hyphen. */
    private static List<String> namePrefix(String name) {
        boolean prefix = name.length() > 1 && name.endsWith("-");
        return LabelFormat.subdomain(prefix ? name.substring(0, name.length() - 2) + "a" : name);
    }

    /** Files that variables are read from lie in the pod's own emptyDir volumes. */
    static void fileVolumes(Field spec) {
        for (var container : Containers.fields(spec)) {
            container
                    .child("env")
                    .each(variable -> variable.child("valueFrom", "fileKeyRef")
                            .ifPresent(reference -> fileVolume(spec, reference.child("volumeName"))));
        }
    }

    private static void fileVolume(Field spec, Field name) {
        boolean found = false;
        boolean fits = false;
        for (var volume : spec.value().path("volumes")) {
            if (volume.path("name").asText("").equals(name.text())) {
                found = true;
                fits = volume.has("emptyDir");
            }
        }
        if (!found) {
            name.notFound();
        } else if (!fits) {
            name.invalid("referenced volume must be of type emptyDir");
        }
    }
}
