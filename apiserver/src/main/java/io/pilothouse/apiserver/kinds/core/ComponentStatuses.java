package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.table.TableWriter;

/** core/v1 ComponentStatus: whether the parts of the control plane are well, found out when it is asked for. */
public final class ComponentStatuses {
    private static final String TYPE = "Healthy";

    private ComponentStatuses() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "componentstatuses", "componentstatus", "ComponentStatus")
                .version("v1", schemas)
                .clusterScoped()
                .shortNames("cs")
                .verbs("get", "list")
                .notStored()
                .deprecated("v1 ComponentStatus is deprecated in v1.19+")
                .columns(
                        TableWriter.name(),
                        Column.text("Status", "Status of the component conditions", o -> switch (healthy(o)
                                .path("status")
                                .asText("")) {
                            case "" -> "Unknown";
                            case "True" -> "Healthy";
                            default -> "Unhealthy";
                        }),
                        Column.text(
                                "Message",
                                "Message of the component conditions",
                                o -> healthy(o).path("message").asText("")),
                        Column.text(
                                "Error",
                                "Error of the component conditions",
                                o -> healthy(o).path("error").asText("")))
                .build();
    }

    private static JsonNode healthy(ObjectNode object) {
        for (var condition : object.path("conditions")) {
            if (condition.path("type").asText().equals(TYPE)) {
                return condition;
            }
        }
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * What is told of a component.
     *
     * @param message what it said; empty for nothing
     * @param error why it could not be asked; empty for nothing
     */
    public static ObjectNode of(String name, boolean well, String message, String error) {
        var object = JsonNodeFactory.instance.objectNode();
        object.put("kind", "ComponentStatus").put("apiVersion", "v1");
        object.putObject("metadata").put("name", name);
        var condition =
                object.putArray("conditions").addObject().put("type", TYPE).put("status", well ? "True" : "False");
        if (!message.isEmpty()) {
            condition.put("message", message);
        }
        if (!error.isEmpty()) {
            condition.put("error", error);
        }
        return object;
    }
}
