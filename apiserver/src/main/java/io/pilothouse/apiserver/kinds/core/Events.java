package io.pilothouse.apiserver.kinds.core;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.machinery.meta.GroupVersionKind;

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
                .selectable("source", o -> o.path("source").path("component").asText())
                .selectable("type", o -> o.path("type").asText())
                .columns(EventConversion.columns())
                .build();
    }
}
