package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** core/v1 Event. */
public final class Events {
    private static final long EVENT_TTL_SECONDS = 3600;

    private static final GroupVersionKind EVENTS_V1 = new GroupVersionKind("events.k8s.io", "v1", "Event");

    private Events() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "events", "event", "Event")
                .version("v1", schemas)
                .shortNames("ev")
                .createOnUpdate()
                .withoutDependents()
                .ttlSeconds(EVENT_TTL_SECONDS)
                .version(new ServedVersion(
                        EVENTS_V1, schemas.type(EVENTS_V1), EventConversion::toCore, EventConversion::fromCore))
                .selectable(
                        "involvedObject.kind",
                        o -> o.path("involvedObject").path("kind").asText())
                .selectable(
                        "involvedObject.namespace",
                        o -> o.path("involvedObject").path("namespace").asText())
                .selectable(
                        "involvedObject.name",
                        o -> o.path("involvedObject").path("name").asText())
                .selectable(
                        "involvedObject.uid",
                        o -> o.path("involvedObject").path("uid").asText())
                .selectable(
                        "involvedObject.apiVersion",
                        o -> o.path("involvedObject").path("apiVersion").asText())
                .selectable(
                        "involvedObject.resourceVersion",
                        o -> o.path("involvedObject").path("resourceVersion").asText())
                .selectable(
                        "involvedObject.fieldPath",
                        o -> o.path("involvedObject").path("fieldPath").asText())
                .selectable("reason", o -> o.path("reason").asText())
                .selectable(
                        "reportingComponent", o -> o.path("reportingComponent").asText())
                .selectable("source", o -> {
                    String component = o.path("source").path("component").asText("");
                    return component.isEmpty() ? o.path("reportingComponent").asText("") : component;
                })
                .fieldLabels(EVENTS_V1, labels())
                .names(NameRule.PATH_SEGMENT)
                .strategy(new Rules())
                .selectable("type", o -> o.path("type").asText())
                .columns(EventColumns.columns(schemas))
                .build();
    }

    /** What events.k8s.io calls the fields. */
    private static Map<String, String> labels() {
        var out = new HashMap<String, String>();
        for (String field :
                new String[] {"kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"}) {
            out.put("regarding." + field, "involvedObject." + field);
        }
        out.put("reason", "reason");
        out.put("type", "type");
        out.put("reportingController", "reportingComponent");
        return out;
    }

    private static final class Rules implements Strategy {
        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return EventValidation.create(object, context.apiVersion());
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return EventValidation.update(object, old, context.apiVersion());
        }
    }
}
