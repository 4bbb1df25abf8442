package io.pilothouse.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.List;

/** Which owners an object may name. Upstream's messages name the list, not the entry. */
final class OwnerRules {
    private static final FieldPath PATH = FieldPath.of("metadata", "ownerReferences");

    private OwnerRules() {}

    static void check(ObjectNode object, List<FieldError> errors) {
        String controller = "";
        for (var owner : ObjectMeta.ownerReferences(object)) {
            one(owner, errors);
            if (owner.path("controller").asBoolean()) {
                String name = text(owner, "kind") + "/" + text(owner, "name");
                if (controller.isEmpty()) {
                    controller = name;
                } else {
                    errors.add(FieldError.invalid(
                            PATH,
                            ObjectMeta.of(object).path("ownerReferences"),
                            "Only one reference can have Controller set to true. Found \"true\" in references for "
                                    + controller + " and " + name));
                }
            }
        }
    }

    private static void one(JsonNode owner, List<FieldError> errors) {
        if (version(text(owner, "apiVersion")).isEmpty()) {
            errors.add(FieldError.invalid(
                    PATH.child("apiVersion"), text(owner, "apiVersion"), "version must not be empty"));
        }
        for (String field : new String[] {"kind", "name", "uid"}) {
            if (text(owner, field).isEmpty()) {
                errors.add(FieldError.invalid(PATH.child(field), "", "must not be empty"));
            }
        }
        String apiVersion = text(owner, "apiVersion");
        if ((apiVersion.equals("v1") || apiVersion.equals("/v1"))
                && text(owner, "kind").equals("Event")) {
            errors.add(FieldError.invalid(PATH, owner, "/v1, Kind=Event is disallowed from being an owner"));
        }
    }

    /** The version part; empty for what is no group and version. */
    private static String version(String apiVersion) {
        var parts = apiVersion.split("/", -1);
        return switch (parts.length) {
            case 1 -> parts[0];
            case 2 -> parts[1];
            default -> "";
        };
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }
}
