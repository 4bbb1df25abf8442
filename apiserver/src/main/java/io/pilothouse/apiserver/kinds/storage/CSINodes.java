package io.pilothouse.apiserver.kinds.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** storage.k8s.io/v1 CSINode: the drivers of a node. */
public final class CSINodes {
    private static final int LONGEST_NODE_ID = 256;

    private CSINodes() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("storage.k8s.io", "csinodes", "csinode", "CSINode")
                .version("v1", schemas)
                .clusterScoped()
                .returnsDeletedObject()
                .conditionalUpdate()
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.number(
                                "Drivers", "Drivers indicates the number of CSI drivers registered on the node", o ->
                                        (long) o.path("spec").path("drivers").size()),
                        TableWriter.age())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var names = new HashSet<String>();
            Field.of(object, errors).child("spec", "drivers").each(driver -> driver(driver, names));
            return errors;
        }

        private static void driver(Field driver, Set<String> names) {
            var name = driver.child("name");
            StorageRules.driverName(name);
            var id = driver.child("nodeID");
            if (id.mustExist() && id.text().length() > LONGEST_NODE_ID) {
                id.invalid("must be " + LONGEST_NODE_ID + " characters or less");
            }
            driver.child("allocatable", "count").ifPresent(Field::notNegative);
            if (!names.add(name.text())) {
                name.duplicate(name.text());
            }
            var keys = new HashSet<String>();
            // Upstream names the driver, not the key.
            driver.child("topologyKeys").each(item -> {
                var key = item.placedAt(driver.path());
                key.mustExist();
                if (!keys.add(key.text())) {
                    key.duplicate();
                }
                key.matches(LabelFormat::key);
            });
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<>(validate(object, context));
            var drivers = Field.of(object, errors).child("spec", "drivers");
            for (var before : old.path("spec").path("drivers")) {
                for (var driver : object.path("spec").path("drivers")) {
                    if (driver.path("name").equals(before.path("name"))
                            && !fixed(driver).equals(fixed(before))) {
                        drivers.invalid(shown(driver), "field is immutable");
                    }
                }
            }
            return errors;
        }

        private static JsonNode fixed(JsonNode driver) {
            ObjectNode copy = driver.deepCopy();
            copy.remove("allocatable");
            return copy;
        }

        /** What upstream shows: the Go struct of what cannot change. */
        private static ObjectNode shown(JsonNode driver) {
            var out = JsonNodeFactory.instance.objectNode();
            out.put("Name", driver.path("name").asText(""))
                    .put("NodeID", driver.path("nodeID").asText(""));
            out.set("TopologyKeys", driver.has("topologyKeys") ? driver.get("topologyKeys") : out.nullNode());
            return out.putNull("Allocatable");
        }
    }
}
