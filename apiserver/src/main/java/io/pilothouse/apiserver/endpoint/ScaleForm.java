package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ScaleMapping;
import io.pilothouse.apiserver.table.TableWriter;
import java.util.List;

/** The Scale (autoscaling/v1) of an object: read from it, and written back into it. */
record ScaleForm(ScaleMapping mapping) {
    private static final List<String> METADATA =
            List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp");

    /** The columns of a Scale's table. */
    static List<Column> columns() {
        return List.of(
                TableWriter.name().format(""),
                Column.number(
                        "Desired",
                        "replicas is the desired number of instances for the scaled object.",
                        ScaleForm::replicas),
                Column.number(
                        "Available",
                        "replicas is the actual number of observed instances of the scaled object.",
                        scale -> at(scale, "status.replicas")),
                TableWriter.age());
    }

    ObjectNode of(ObjectNode object) {
        var scale = JsonNodeFactory.instance.objectNode().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        var metadata = scale.putObject("metadata");
        for (String field : METADATA) {
            var value = object.path("metadata").get(field);
            if (value != null) {
                metadata.set(field, value);
            }
        }
        long wanted = at(object, mapping.specReplicas());
        var spec = scale.putObject("spec");
        if (wanted != 0) {
            spec.put("replicas", wanted);
        }
        var status = scale.putObject("status");
        status.put("replicas", at(object, mapping.statusReplicas()));
        String selector = mapping.selector().apply(object);
        if (!selector.isEmpty()) {
            status.put("selector", selector);
        }
        return scale;
    }

    static long replicas(ObjectNode scale) {
        return at(scale, "spec.replicas");
    }

    void setReplicas(ObjectNode object, long replicas) {
        var steps = mapping.specReplicas().split("\\.", -1);
        var node = object;
        for (int i = 0; i < steps.length - 1; i++) {
            node = node.withObjectProperty(steps[i]);
        }
        node.put(steps[steps.length - 1], replicas);
    }

    private static long at(JsonNode object, String path) {
        JsonNode node = object;
        for (String step : path.split("\\.", -1)) {
            node = node.path(step);
        }
        return node.asLong(0);
    }
}
