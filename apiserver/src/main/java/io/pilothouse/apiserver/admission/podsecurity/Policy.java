package io.pilothouse.apiserver.admission.podsecurity;

import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a namespace enforces, audits and warns of. */
record Policy(LevelVersion enforce, LevelVersion audit, LevelVersion warn) {
    static final String PREFIX = "pod-security.kubernetes.io/";

    private static final FieldPath LABELS = FieldPath.of("metadata", "labels");

    /** A policy, and what is wrong with the labels that it was read from. */
    record Read(Policy policy, List<FieldError> errors) {
        Read {
            errors = List.copyOf(errors);
        }
    }

    boolean isFullyPrivileged() {
        return enforce.isPrivileged() && audit.isPrivileged() && warn.isPrivileged();
    }

    boolean equivalent(Policy other) {
        return enforce.equivalent(other.enforce) && audit.equivalent(other.audit) && warn.equivalent(other.warn);
    }

    /** Reads a namespace's labels. A wrong level fails closed where it is enforced, and open elsewhere; a wrong version is the latest. */
    static Read read(Map<String, String> labels, Policy defaults) {
        List<FieldError> errors = new ArrayList<>();
        var enforce = mode(labels, "enforce", defaults.enforce, Level.RESTRICTED, errors);
        var audit = mode(labels, "audit", defaults.audit, Level.PRIVILEGED, errors);
        var warn = mode(labels, "warn", defaults.warn, Level.PRIVILEGED, errors);
        boolean validEnforce = Optional.ofNullable(labels.get(PREFIX + "enforce"))
                .flatMap(Level::parse)
                .isPresent();
        if (!labels.containsKey(PREFIX + "warn")
                && validEnforce
                && enforce.level().compareTo(warn.level()) > 0) {
            warn = new LevelVersion(
                    enforce.level(), labels.containsKey(PREFIX + "warn-version") ? warn.minor() : enforce.minor());
        }
        return new Read(new Policy(enforce, audit, warn), errors);
    }

    private static LevelVersion mode(
            Map<String, String> labels, String mode, LevelVersion byDefault, Level otherwise, List<FieldError> errors) {
        var level = byDefault.level();
        int minor = byDefault.minor();
        String levelText = labels.get(PREFIX + mode);
        if (levelText != null) {
            level = Level.parse(levelText).orElse(otherwise);
            if (Level.parse(levelText).isEmpty()) {
                errors.add(FieldError.invalid(
                        LABELS.key(PREFIX + mode), levelText, "must be one of privileged, baseline, restricted"));
            }
        }
        String versionText = labels.get(PREFIX + mode + "-version");
        if (versionText != null) {
            minor = LevelVersion.minor(versionText).orElse(LevelVersion.LATEST);
            if (LevelVersion.minor(versionText).isEmpty()) {
                errors.add(FieldError.invalid(
                        LABELS.key(PREFIX + mode + "-version"), versionText, "must be \"latest\" or \"v1.x\""));
            }
        }
        return new LevelVersion(level, minor);
    }
}
