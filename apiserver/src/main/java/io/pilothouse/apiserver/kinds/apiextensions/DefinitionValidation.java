package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * What is wrong with a CustomResourceDefinition. It is looked at in the form in which it is stored, as upstream does: what all
 * versions have in common stands once, at the top, and has its errors there.
 */
final class DefinitionValidation {
    private static final FieldPath SPEC = FieldPath.of("spec");

    private DefinitionValidation() {}

    static List<FieldError> ofNew(ObjectNode object) {
        var stored = DefinitionForms.toOld(object.deepCopy());
        var errors = new ArrayList<FieldError>();
        name(stored, errors);
        errors.addAll(spec(stored.path("spec"), Tolerance.NONE));
        errors.addAll(ofStatus(object));
        storedVersions(stored, errors);
        errors.addAll(ApiApproval.validate(object, null));
        preservation(stored, errors);
        return errors;
    }

    static List<FieldError> ofUpdate(ObjectNode object, ObjectNode old) {
        var stored = DefinitionForms.toOld(object.deepCopy());
        var before = DefinitionForms.toOld(old.deepCopy());
        var spec = stored.path("spec");
        var oldSpec = before.path("spec");
        var errors = new ArrayList<>(spec(spec, Tolerance.of(oldSpec)));
        if (DefinitionConditions.isTrue(old, DefinitionConditions.ESTABLISHED)) {
            immutable(spec.path("scope"), oldSpec.path("scope"), SPEC.child("scope"), errors);
            immutable(
                    spec.path("names").path("kind"),
                    oldSpec.path("names").path("kind"),
                    SPEC.child("names", "kind"),
                    errors);
        }
        immutable(spec.path("group"), oldSpec.path("group"), SPEC.child("group"), errors);
        immutable(
                spec.path("names").path("plural"),
                oldSpec.path("names").path("plural"),
                SPEC.child("names", "plural"),
                errors);
        errors.addAll(ofStatus(object));
        storedVersions(stored, errors);
        errors.addAll(ApiApproval.validate(object, old));
        if (!oldSpec.path("preserveUnknownFields").asBoolean()) {
            preservation(stored, errors);
        }
        return errors;
    }

    static List<FieldError> ofStatus(ObjectNode object) {
        var errors = new ArrayList<FieldError>();
        NamesValidation.validate(
                object.path("status").path("acceptedNames"), FieldPath.of("status", "acceptedNames"), errors);
        return errors;
    }

    private static void name(JsonNode stored, List<FieldError> errors) {
        var spec = stored.path("spec");
        String wanted = spec.path("names").path("plural").asText() + "."
                + spec.path("group").asText();
        if (!ObjectMeta.name(stored).equals(wanted)) {
            errors.add(FieldError.invalid(
                    FieldPath.of("metadata", "name"),
                    ObjectMeta.name(stored),
                    "must be spec.names.plural+\".\"+spec.group"));
        }
    }

    private static void immutable(JsonNode now, JsonNode before, FieldPath path, List<FieldError> errors) {
        if (!now.equals(before)) {
            errors.add(FieldError.invalid(path, now.asText(), "field is immutable"));
        }
    }

    private static void preservation(JsonNode stored, List<FieldError> errors) {
        if (stored.path("spec").path("preserveUnknownFields").asBoolean()) {
            errors.add(
                    FieldError.invalid(
                            SPEC.child("preserveUnknownFields"),
                            true,
                            "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"));
        }
    }

    private static void storedVersions(JsonNode stored, List<FieldError> errors) {
        var path = FieldPath.of("status", "storedVersions");
        var names = Trees.strings(stored.path("status").path("storedVersions"));
        if (names.isEmpty()) {
            errors.add(FieldError.invalid(path, null, "must have at least one stored version"));
            return;
        }
        var left = new ArrayList<>(names);
        for (var version : stored.path("spec").path("versions")) {
            String name = version.path("name").asText();
            if (version.path("storage").asBoolean() && !left.contains(name)) {
                errors.add(FieldError.invalid(path, names, "must have the storage version " + name));
            }
            left.remove(name);
        }
        for (String gone : left) {
            errors.add(FieldError.invalid(
                    path.index(names.indexOf(gone)),
                    gone,
                    "missing from spec.versions; " + gone
                            + " was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in "
                            + gone + " and removes " + gone + " from status.storedVersions"));
        }
    }

    private static List<FieldError> spec(JsonNode spec, Tolerance tolerance) {
        var errors = new ArrayList<FieldError>();
        group(spec.path("group").asText(), errors);
        oneOf(SPEC.child("scope"), spec.path("scope").asText(), List.of("Cluster", "Namespaced"), errors);
        boolean preserves = spec.path("preserveUnknownFields").asBoolean();
        schemasGiven(spec, preserves, tolerance, errors);
        if (preserves && SchemaSearch.anywhere(spec, s -> s.has("default"))) {
            errors.add(FieldError.invalid(
                    SPEC.child("preserveUnknownFields"), true, "must be false in order to use defaults in the schema"));
        }
        var rules = new SchemaRules(
                tolerance, !preserves || tolerance.requiresStructural() || SchemaSearch.usesExtensions(spec));
        versions(spec, rules, errors);
        names(spec.path("names"), errors);
        rules.validation(spec.path("validation"), SPEC.child("validation"), ServingValidation.anyStatus(spec), errors);
        ServingValidation.subresources(spec.path("subresources"), SPEC.child("subresources"), errors);
        ServingValidation.columns(
                spec.path("additionalPrinterColumns"), SPEC.child("additionalPrinterColumns"), errors);
        ServingValidation.selectableFields(
                spec.path("selectableFields"),
                spec.path("validation").path("openAPIV3Schema"),
                SPEC.child("selectableFields"),
                errors);
        ConversionValidation.validate(spec, errors);
        return errors;
    }

    private static void group(String group, List<FieldError> errors) {
        if (group.isEmpty()) {
            errors.add(FieldError.required(SPEC.child("group"), ""));
            return;
        }
        var problems = NameRule.SUBDOMAIN.problems(group);
        if (!problems.isEmpty()) {
            errors.add(FieldError.invalid(SPEC.child("group"), group, String.join(",", problems)));
        } else if (!group.contains(".")) {
            errors.add(FieldError.invalid(SPEC.child("group"), group, "should be a domain with at least one dot"));
        }
    }

    static void oneOf(FieldPath path, String value, List<String> accepted, List<FieldError> errors) {
        if (value.isEmpty()) {
            errors.add(FieldError.required(path, ""));
        } else if (!accepted.contains(value)) {
            errors.add(FieldError.notSupported(path, value, accepted));
        }
    }

    private static void schemasGiven(JsonNode spec, boolean preserves, Tolerance tolerance, List<FieldError> errors) {
        if (spec.path("validation").path("openAPIV3Schema").isObject()) {
            return;
        }
        int i = 0;
        for (var version : spec.path("versions")) {
            var path = SPEC.child("versions").index(i++).child("schema", "openAPIV3Schema");
            if (!version.path("schema").path("openAPIV3Schema").isObject()) {
                if (tolerance.requiresSchema()) {
                    errors.add(FieldError.required(path, ""));
                } else if (!preserves && version.path("served").asBoolean()) {
                    errors.add(FieldError.required(path, "because otherwise all fields are pruned"));
                }
            }
        }
    }

    private static void versions(JsonNode spec, SchemaRules rules, List<FieldError> errors) {
        int storage = 0;
        boolean unique = true;
        var seen = new HashSet<String>();
        int i = 0;
        for (var version : spec.path("versions")) {
            var path = SPEC.child("versions").index(i++);
            String name = version.path("name").asText();
            storage += version.path("storage").asBoolean() ? 1 : 0;
            unique &= seen.add(name);
            var problems = NameRule.LABEL_1035.problems(name);
            if (!problems.isEmpty()) {
                errors.add(FieldError.invalid(path.child("name"), name, String.join(",", problems)));
            }
            version(spec, version, path, rules, errors);
        }
        var path = SPEC.child("versions");
        if (!unique) {
            errors.add(FieldError.invalid(path, listed(spec.path("versions")), "must contain unique version names"));
        }
        if (storage != 1) {
            errors.add(FieldError.invalid(
                    path, listed(spec.path("versions")), "must have exactly one version marked as storage version"));
        }
        String first = spec.path("version").asText();
        var problems = first.isEmpty() ? List.<String>of() : NameRule.LABEL_1035.problems(first);
        if (!problems.isEmpty()) {
            errors.add(FieldError.invalid(SPEC.child("version"), first, String.join(",", problems)));
        }
    }

    private static JsonNode listed(JsonNode versions) {
        return InternalForm.listOf("CustomResourceDefinitionVersion", versions);
    }

    private static void version(
            JsonNode spec, JsonNode version, FieldPath path, SchemaRules rules, List<FieldError> errors) {
        ServingValidation.deprecation(version, path, errors);
        rules.validation(
                version.path("schema"), path.child("schema"), ServingValidation.hasStatus(spec, version), errors);
        ServingValidation.subresources(version.path("subresources"), path.child("subresources"), errors);
        ServingValidation.columns(
                version.path("additionalPrinterColumns"), path.child("additionalPrinterColumns"), errors);
        ServingValidation.selectableFields(
                version.path("selectableFields"),
                version.path("schema").path("openAPIV3Schema"),
                path.child("selectableFields"),
                errors);
    }

    private static void names(JsonNode names, List<FieldError> errors) {
        for (String field : List.of("plural", "singular", "kind", "listKind")) {
            if (names.path(field).asText().isEmpty()) {
                errors.add(FieldError.required(SPEC.child("names", field), ""));
            }
        }
        NamesValidation.validate(names, SPEC.child("names"), errors);
    }
}
