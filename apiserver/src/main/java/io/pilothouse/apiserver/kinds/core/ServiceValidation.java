package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What must hold for a service. */
final class ServiceValidation {
    private static final FieldPath SPEC = FieldPath.of("spec");

    private ServiceValidation() {}

    static List<FieldError> service(ObjectNode service) {
        var errors = new ArrayList<FieldError>();
        var spec = service.path("spec");
        String type = spec.path("type").asText("");
        boolean headless = spec.path("clusterIP").asText("").equals("None");
        if (spec.path("ports").isEmpty() && !headless && !type.equals("ExternalName")) {
            errors.add(FieldError.required(SPEC.child("ports"), ""));
        }
        switch (type) {
            case "LoadBalancer", "NodePort" -> {
                if (headless) {
                    errors.add(FieldError.invalid(
                            SPEC.child("clusterIPs").index(0),
                            "None",
                            "may not be set to 'None' for " + type + " services"));
                }
            }
            case "ExternalName" -> {
                String name = spec.path("externalName").asText("");
                if (name.isEmpty()) {
                    errors.add(FieldError.required(SPEC.child("externalName"), ""));
                } else {
                    NameRule.SUBDOMAIN
                            .problems(name.endsWith(".") ? name.substring(0, name.length() - 1) : name)
                            .forEach(p -> errors.add(FieldError.invalid(SPEC.child("externalName"), name, p)));
                }
            }
            case "ClusterIP" -> {}
            default ->
                errors.add(FieldError.notSupported(
                        SPEC.child("type"), type, List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")));
        }
        ports(spec, errors);
        oneOf(spec, "sessionAffinity", List.of("ClientIP", "None"), errors);
        return errors;
    }

    private static void ports(JsonNode spec, List<FieldError> errors) {
        var names = new HashSet<String>();
        var seen = new HashSet<String>();
        int index = 0;
        for (var port : spec.path("ports")) {
            var at = SPEC.child("ports").index(index++);
            String name = port.path("name").asText("");
            if (name.isEmpty() && spec.path("ports").size() > 1) {
                errors.add(FieldError.required(at.child("name"), ""));
            } else if (!name.isEmpty()) {
                NameRule.LABEL.problems(name).forEach(p -> errors.add(FieldError.invalid(at.child("name"), name, p)));
                if (!names.add(name)) {
                    errors.add(FieldError.duplicate(at.child("name"), name));
                }
            }
            int number = port.path("port").asInt(0);
            if (number < 1 || number > 65535) {
                errors.add(FieldError.invalid(at.child("port"), number, "must be between 1 and 65535, inclusive"));
            }
            String protocol = port.path("protocol").asText("");
            if (!List.of("SCTP", "TCP", "UDP").contains(protocol)) {
                errors.add(FieldError.notSupported(at.child("protocol"), protocol, List.of("SCTP", "TCP", "UDP")));
            }
            if (!seen.add(protocol + "/" + number)) {
                errors.add(FieldError.duplicate(at, port));
            }
            if (spec.path("type").asText().equals("ClusterIP")
                    && port.path("nodePort").asInt(0) != 0) {
                errors.add(FieldError.forbidden(at.child("nodePort"), "may not be used when `type` is 'ClusterIP'"));
            }
        }
    }

    private static void oneOf(JsonNode spec, String field, List<String> known, List<FieldError> errors) {
        String value = spec.path(field).asText("");
        if (!value.isEmpty() && !known.contains(value)) {
            errors.add(FieldError.notSupported(SPEC.child(field), value, known));
        }
    }

    /** The address of a service stays, but on the way to and from an external name. */
    static List<FieldError> update(ObjectNode service, ObjectNode old) {
        boolean kept = !service.path("spec").path("type").asText().equals("ExternalName")
                && !old.path("spec").path("type").asText().equals("ExternalName");
        String before = old.path("spec").path("clusterIP").asText("");
        String now = service.path("spec").path("clusterIP").asText("");
        if (kept && !before.isEmpty() && !before.equals(now)) {
            return List.of(FieldError.invalid(SPEC.child("clusterIPs").index(0), now, "may not change once set"));
        }
        return List.of();
    }
}
