package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.List;
import java.util.Locale;

/** What is wrong with the names of a custom resource; those that are not given are not looked at. */
final class NamesValidation {
    private NamesValidation() {}

    static void validate(JsonNode names, FieldPath path, List<FieldError> errors) {
        label(names.path("plural").asText(), path.child("plural"), errors);
        label(names.path("singular").asText(), path.child("singular"), errors);
        kind(names.path("kind").asText(), path.child("kind"), errors);
        kind(names.path("listKind").asText(), path.child("listKind"), errors);
        labels(names.path("shortNames"), path.child("shortNames"), errors);
        String kind = names.path("kind").asText();
        if (!kind.isEmpty() && kind.equals(names.path("listKind").asText())) {
            errors.add(FieldError.invalid(path.child("listKind"), kind, "kind and listKind may not be the same"));
        }
        labels(names.path("categories"), path.child("categories"), errors);
    }

    private static void labels(JsonNode names, FieldPath path, List<FieldError> errors) {
        for (int i = 0; i < names.size(); i++) {
            var problems = NameRule.LABEL_1035.problems(names.get(i).asText());
            if (!problems.isEmpty()) {
                errors.add(FieldError.invalid(path.index(i), names.get(i).asText(), String.join(",", problems)));
            }
        }
    }

    private static void label(String name, FieldPath path, List<FieldError> errors) {
        var problems = NameRule.LABEL_1035.problems(name);
        if (!name.isEmpty() && !problems.isEmpty()) {
            errors.add(FieldError.invalid(path, name, String.join(",", problems)));
        }
    }

    private static void kind(String name, FieldPath path, List<FieldError> errors) {
        var problems = NameRule.LABEL_1035.problems(name.toLowerCase(Locale.ROOT));
        if (!name.isEmpty() && !problems.isEmpty()) {
            errors.add(FieldError.invalid(
                    path, name, "may have mixed case, but should otherwise match: " + String.join(",", problems)));
        }
    }
}
