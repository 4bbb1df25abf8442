package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.gotext.GoText;

/** Profiles of seccomp and AppArmor, in fields and in the annotations that came before them. */
final class ProfileRules {
    static final String SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
    static final String SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
    static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";

    private static final String LOCALHOST = "localhost/";
    private static final String DEFAULT = "runtime/default";
    private static final String DOCKER_DEFAULT = "docker/default";
    private static final String UNCONFINED = "unconfined";
    private static final int LONGEST_PROFILE = 4095;

    private ProfileRules() {}

    static void seccomp(Field profile) {
        if (!profile.present()) {
            return;
        }
        var type = profile.child("type");
        if (type.isEmpty()) {
            type.required("type is required when seccompProfile is set");
        } else {
            type.oneOf("Localhost", "RuntimeDefault", "Unconfined");
        }
        var local = profile.child("localhostProfile");
        if (type.is("Localhost")) {
            if (!local.present()) {
                local.required("must be set when seccomp type is Localhost");
            } else {
                PathRules.descending(local);
            }
        } else if (local.present()) {
            local.invalid(
                    InternalForm.of("SeccompProfile", profile.value()),
                    "can only be set when seccomp type is Localhost");
        }
    }

    static void appArmor(Field profile) {
        if (!profile.present()) {
            return;
        }
        var type = profile.child("type");
        var local = profile.child("localhostProfile");
        switch (type.text()) {
            case "Localhost" -> localProfile(local);
            case "RuntimeDefault", "Unconfined" -> {
                if (local.present()) {
                    local.invalid("can only be set when AppArmor type is Localhost");
                }
            }
            case "" -> type.required("type is required when appArmorProfile is set");
            default -> type.oneOf("Localhost", "RuntimeDefault", "Unconfined");
        }
    }

    private static void localProfile(Field local) {
        String text = local.text();
        if (!text.strip().equals(text)) {
            local.invalid("must not be padded with whitespace");
        } else if (text.isEmpty()) {
            local.required("must be set when AppArmor type is Localhost");
        }
        if (text.length() > LONGEST_PROFILE) {
            local.add(FieldError.tooLong(local.path(), LONGEST_PROFILE));
        }
    }

    /** The annotations of seccomp by themselves. Upstream's paths put a dot before the key here, not brackets around it. */
    static void seccompAnnotations(Field annotations) {
        if (annotations.child(SECCOMP_POD).present()) {
            seccompAnnotation(annotations.child(SECCOMP_POD));
        }
        annotations.entries((key, value) -> {
            if (key.startsWith(SECCOMP_CONTAINER)) {
                seccompAnnotation(annotations.child(key));
            }
        });
    }

    private static void seccompAnnotation(Field annotation) {
        String text = annotation.text();
        if (text.equals(DEFAULT) || text.equals(DOCKER_DEFAULT) || text.equals(UNCONFINED)) {
            return;
        }
        if (!text.startsWith(LOCALHOST)) {
            annotation.invalid("must be a valid seccomp profile");
            return;
        }
        String path = text.substring(LOCALHOST.length());
        if (path.startsWith("/")) {
            annotation.invalid(path, "must be a relative path");
        }
        if (PathRules.hasBacksteps(path)) {
            annotation.invalid(path, "must not contain '..'");
        }
    }

    /** The annotations of AppArmor by themselves. */
    static void appArmorAnnotations(Field annotations, JsonNode spec) {
        annotations.entries((key, value) -> {
            if (!key.startsWith(APP_ARMOR)) {
                return;
            }
            String container = key.substring(APP_ARMOR.length());
            if (Containers.nodes(spec).stream()
                    .noneMatch(c -> c.path("name").asText("").equals(container))) {
                value.invalid(container, "container not found");
            }
            String profile = value.text();
            if (!profile.isEmpty()
                    && !profile.equals(DEFAULT)
                    && !profile.equals(UNCONFINED)
                    && !profile.startsWith(LOCALHOST)) {
                value.invalid(profile, "invalid AppArmor profile name: " + GoText.quote(profile));
            }
        });
    }

    /** Where both say something of seccomp, annotation and field say the same. */
    static void seccompMatches(JsonNode annotations, Field spec) {
        var own = spec.child("securityContext", "seccompProfile");
        if (own.present() && annotations.has(SECCOMP_POD)) {
            seccompMatches(annotations.path(SECCOMP_POD).asText(), own);
        }
        for (var container : Containers.fields(spec)) {
            var profile = container.child("securityContext", "seccompProfile");
            String key = SECCOMP_CONTAINER + container.child("name").text();
            if (profile.present() && annotations.has(key)) {
                seccompMatches(annotations.path(key).asText(), profile);
            }
        }
    }

    private static void seccompMatches(String annotation, Field profile) {
        boolean same = switch (profile.child("type").text()) {
            case "Unconfined" -> annotation.equals(UNCONFINED);
            case "RuntimeDefault" -> annotation.equals(DEFAULT) || annotation.equals(DOCKER_DEFAULT);
            case "Localhost" -> annotation.startsWith(LOCALHOST);
            default -> true;
        };
        if (!same) {
            profile.child("type").forbidden("seccomp type in annotation and field must match");
        } else if (isOtherFile(annotation, profile)) {
            profile.child("localhostProfile").forbidden("seccomp profile in annotation and field must match");
        }
    }

    private static boolean isOtherFile(String annotation, Field profile) {
        return profile.child("type").is("Localhost")
                && !annotation.equals(
                        LOCALHOST + profile.child("localhostProfile").text());
    }

    /** Where both say something of AppArmor, annotation and field say the same. */
    static void appArmorMatches(JsonNode annotations, Field spec) {
        if (spec.child("os", "name").is("windows")) {
            return;
        }
        var ofPod = spec.child("securityContext", "appArmorProfile");
        for (var container : Containers.fields(spec)) {
            var own = container.child("securityContext", "appArmorProfile");
            var profile = own.present() ? own : ofPod.placedAt(own.path());
            String key = APP_ARMOR + container.child("name").text();
            if (profile.present() && annotations.has(key)) {
                appArmorMatches(annotations.path(key).asText(), profile);
            }
        }
    }

    private static void appArmorMatches(String annotation, Field profile) {
        boolean same = switch (profile.child("type").text()) {
            case "Unconfined" -> annotation.equals(UNCONFINED);
            case "RuntimeDefault" -> annotation.equals(DEFAULT);
            case "Localhost" -> annotation.startsWith(LOCALHOST);
            default -> true;
        };
        if (!same) {
            profile.child("type").forbidden("apparmor type in annotation and field must match");
        } else if (isOtherFile(annotation, profile)) {
            profile.child("localhostProfile").forbidden("apparmor profile in annotation and field must match");
        }
    }
}
