package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.request.Query;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.machinery.codec.FieldValidation;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldManagerFormat;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;

/** How to write (meta/v1 CreateOptions, UpdateOptions, PatchOptions), read from a query and checked. */
record WriteOptions(boolean dryRun, FieldValidation validation, boolean force) {
    /**
     * Reads the options of a write.
     *
     * @param kind CreateOptions, UpdateOptions or PatchOptions
     * @param apply whether this is a server-side apply, which must name its manager and may be forced
     * @throws StatusException 422 for a value that is not allowed
     */
    static WriteOptions parse(Query query, String kind, boolean apply) {
        var errors = new ArrayList<FieldError>();
        if (kind.equals("PatchOptions")) {
            checkPatch(query, apply, errors);
        }
        FieldManagerFormat.check(query.first("fieldManager"), FieldPath.of("fieldManager"), errors);
        errors.addAll(dryRunErrors(query.all("dryRun")));
        FieldValidation validation = validation(query, errors);
        if (!errors.isEmpty()) {
            throw StatusException.invalid(new GroupKind("meta.k8s.io", kind), "", errors);
        }
        return new WriteOptions(!query.all("dryRun").isEmpty(), validation, flag(query, "force"));
    }

    private static boolean flag(Query query, String name) {
        return query.has(name) && !RequestInfo.isFalse(query.first(name));
    }

    private static void checkPatch(Query query, boolean apply, List<FieldError> errors) {
        if (apply) {
            if (query.first("fieldManager").isEmpty()) {
                errors.add(FieldError.required(FieldPath.of("fieldManager"), "is required for apply patch"));
            }
        } else if (query.has("force")) {
            errors.add(FieldError.forbidden(FieldPath.of("force"), "may not be specified for non-apply patch"));
        }
    }

    static List<FieldError> dryRunErrors(List<String> values) {
        return values.stream().allMatch(v -> v.equals("All"))
                ? List.of()
                : List.of(FieldError.notSupported(FieldPath.of("dryRun"), values, List.of("All")));
    }

    private static FieldValidation validation(Query query, List<FieldError> errors) {
        String given = query.first("fieldValidation");
        return switch (given) {
            case "", "Warn" -> FieldValidation.WARN;
            case "Ignore" -> FieldValidation.IGNORE;
            case "Strict" -> FieldValidation.STRICT;
            default -> {
                errors.add(FieldError.notSupported(
                        FieldPath.of("fieldValidation"), given, List.of("", "Ignore", "Strict", "Warn")));
                yield FieldValidation.WARN;
            }
        };
    }
}
