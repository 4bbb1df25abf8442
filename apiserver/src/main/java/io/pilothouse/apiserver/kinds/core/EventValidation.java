package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;

/** What must hold for an event: little in core/v1, more in events.k8s.io/v1. Fields have the names of core/v1 in both. */
final class EventValidation {
    private static final String CORE = "v1";
    private static final int LONGEST = 128;
    private static final int LONGEST_NOTE = 1024;
    private static final String UNSET = "needs to be unset";
    private static final String[] IMMUTABLE = {
        "involvedObject",
        "reason",
        "message",
        "source",
        "firstTimestamp",
        "lastTimestamp",
        "count",
        "reason",
        "type",
        "eventTime",
        "action",
        "related"
    };

    private EventValidation() {}

    private static JsonNode form(String field, JsonNode value) {
        return switch (field) {
            case "involvedObject", "related" -> InternalForm.of("ObjectReference", value);
            case "source" -> InternalForm.of("EventSource", value);
            default -> value;
        };
    }

    /** @param version of the request; empty, as core/v1, for what the server writes by itself */
    static List<FieldError> create(ObjectNode event, String version) {
        var errors = new ArrayList<FieldError>();
        var all = Field.of(event, errors);
        always(all, version);
        if (isCore(version)) {
            return errors;
        }
        names(event, all);
        series(all.child("series"));
        if (all.child("eventTime").isEmpty()) {
            all.child("eventTime").required("");
        }
        var type = all.child("type");
        if (!type.is("Normal") && !type.is("Warning")) {
            type.invalid("", "has invalid value: " + type.text());
        }
        for (String field : new String[] {"firstTimestamp", "lastTimestamp", "count"}) {
            if (!all.child(field).isEmpty()) {
                all.child(field).invalid("", UNSET);
            }
        }
        var source = all.child("source");
        if (!source.child("component").isEmpty() || !source.child("host").isEmpty()) {
            source.invalid("", UNSET);
        }
        return errors;
    }

    private static boolean isCore(String version) {
        return version.equals(CORE) || version.isEmpty();
    }

    private static void names(ObjectNode event, Field all) {
        var name = all.child("metadata", "name");
        var prefix = all.child("metadata", "generateName");
        if (!prefix.isEmpty()) {
            String sample = prefix.text().endsWith("-")
                    ? prefix.text().substring(0, prefix.text().length() - 1) + "a"
                    : prefix.text();
            LabelFormat.subdomain(sample).forEach(problem -> prefix.invalid(prefix.text(), problem));
        }
        if (!ObjectMeta.name(event).isEmpty()) {
            name.matches(LabelFormat::subdomain);
        }
    }

    private static void series(Field series) {
        if (!series.present()) {
            return;
        }
        if (series.child("count").number() < 2) {
            series.add(FieldError.invalid(FieldPath.of("series.count"), "", "should be at least 2"));
        }
        if (series.child("lastObservedTime").isEmpty()) {
            series.add(FieldError.required(FieldPath.of("series.lastObservedTime"), ""));
        }
    }

    private static void always(Field all, String version) {
        String namespace = all.child("metadata", "namespace").text();
        var about = all.child("involvedObject", "namespace");
        boolean clusterScoped = about.isEmpty();
        if (all.child("eventTime").isEmpty()) {
            boolean fits = clusterScoped ? namespace.isEmpty() || namespace.equals("default") : about.is(namespace);
            if (!fits) {
                about.invalid(about.text(), "does not match event.namespace");
            }
        } else {
            if (clusterScoped && !namespace.equals("default") && !namespace.equals("kube-system")) {
                about.invalid(about.text(), "does not match event.namespace");
            }
            reporter(all, version);
        }
        LabelFormat.subdomain(namespace)
                .forEach(problem -> all.child("namespace").invalid(namespace, problem));
    }

    private static void reporter(Field all, String version) {
        var component = all.child("reportingComponent")
                .placedAt(FieldPath.of(version.equals(CORE) ? "reportingComponent" : "reportingController"));
        component.mustExist();
        component.matches(LabelFormat::key);
        for (String field : new String[] {"reportingInstance", "action", "reason"}) {
            all.child(field).mustExist();
            limit(all.child(field), LONGEST);
        }
        limit(all.child("message"), LONGEST_NOTE);
    }

    private static void limit(Field field, int longest) {
        if (field.text().length() > longest) {
            field.invalid("", "can have at most " + longest + " characters");
        }
    }

    /** @param version of the request; empty, as core/v1, for what the server writes by itself */
    static List<FieldError> update(ObjectNode event, ObjectNode old, String version) {
        var errors = new ArrayList<FieldError>();
        var all = Field.of(event, errors);
        always(all, version);
        if (isCore(version)) {
            return errors;
        }
        if (!event.path("series").equals(old.path("series"))) {
            series(all.child("series"));
        }
        for (String field : IMMUTABLE) {
            all.child(field).immutable(old.path(field), "field is immutable", value -> form(field, value));
        }
        all.child("reportingComponent")
                .placedAt(FieldPath.of("reportingController"))
                .immutable(old.path("reportingComponent"));
        all.child("reportingInstance").immutable(old.path("reportingInstance"));
        return errors;
    }
}
