package io.pilothouse.apiserver.kinds.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.gotext.GoText;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** resource.k8s.io/v1 ResourceSlice. */
public final class ResourceSlices {
    private static final String NODE_TEXT =
            "NodeName identifies the node which provides the resources in this pool. A field selector can be used to list only"
                    + " ResourceSlice objects belonging to a certain node.\n\nThis field can be used to limit access from nodes to ResourceSlices"
                    + " with the same node name. It also indicates to autoscalers that adding new nodes of the same type as some old node might also"
                    + " make new resources available.\n\nExactly one of NodeName, NodeSelector, AllNodes, and PerDeviceNodeSelection must be set."
                    + " This field is immutable.";
    private static final String DRIVER_TEXT =
            "Driver identifies the DRA driver providing the capacity information. A field selector can be used to list only"
                    + " ResourceSlice objects with a certain driver name.\n\nMust be a DNS subdomain and should end with a DNS domain owned by the"
                    + " vendor of the driver. It should use only lower case characters. This field is immutable.";
    private static final String POOL_TEXT =
            "Name is used to identify the pool. For node-local devices, this is often the node name, but this is not required.\n\n"
                    + "It must not be longer than 253 characters and must consist of one or more DNS sub-domains separated by slashes."
                    + " This field is immutable.";

    private static final String MAPPINGS = "nodeAllocatableResourceMappings";
    private static final List<String> LISTS = List.of("ints", "bools", "strings", "versions");

    private ResourceSlices() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("resource.k8s.io", "resourceslices", "resourceslice", "ResourceSlice")
                .version("v1", schemas)
                .clusterScoped()
                .returnsDeletedObject()
                .generation("spec")
                .strategy(new Rules())
                .refusedSelector(
                        field -> "field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: " + field)
                .selectable("spec.nodeName", ResourceSlices::node)
                .selectable("spec.driver", ResourceSlices::driver)
                .columns(
                        TableWriter.name(),
                        Column.text("Node", NODE_TEXT, ResourceSlices::node),
                        Column.text("Driver", DRIVER_TEXT, ResourceSlices::driver),
                        Column.text(
                                "Pool",
                                POOL_TEXT,
                                o -> o.path("spec").path("pool").path("name").asText()),
                        TableWriter.age())
                .build();
    }

    private static String node(ObjectNode slice) {
        return slice.path("spec").path("nodeName").asText();
    }

    private static String driver(ObjectNode slice) {
        return slice.path("spec").path("driver").asText();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            Trees.with(
                    object,
                    "spec",
                    spec -> Trees.each(spec, "devices", device -> {
                        for (var mapping : device.path("nodeAllocatableResourceMappings")) {
                            Trees.fill((ObjectNode) mapping, "allocationMultiplier", "1");
                        }
                    }));
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            dropDisabled(object, object.objectNode());
            dateTaints(object, context);
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            dropDisabled(object, old);
            dateTaints(object, context);
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return SliceValidation.create(object);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return SliceValidation.update(object, old);
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            String driver = driver(object);
            return driver.equals(driver.toLowerCase(Locale.ROOT))
                    ? List.of()
                    : List.of("spec.driver: driver names should be lowercase; " + GoText.quote(driver)
                            + " contains uppercase characters");
        }

        /** Fields of features that are off by default stay only where they are in use. */
        private static void dropDisabled(ObjectNode object, ObjectNode old) {
            boolean mappings = uses(old, device -> !device.path(MAPPINGS).isEmpty());
            boolean lists = uses(
                    old,
                    device -> device.path("attributes")
                            .valueStream()
                            .anyMatch(a -> LISTS.stream().anyMatch(a::has)));
            Trees.with(
                    object,
                    "spec",
                    spec -> Trees.each(spec, "devices", device -> {
                        if (!mappings) {
                            device.remove(MAPPINGS);
                        }
                        if (!lists) {
                            device.path("attributes").forEach(attribute -> ((ObjectNode) attribute).remove(LISTS));
                        }
                    }));
        }

        private static boolean uses(ObjectNode slice, Predicate<JsonNode> feature) {
            return slice.path("spec").path("devices").valueStream().anyMatch(feature);
        }

        private static void dateTaints(ObjectNode object, WriteContext context) {
            String now = context.now().truncatedTo(ChronoUnit.SECONDS).toString();
            Trees.with(
                    object,
                    "spec",
                    spec -> Trees.each(
                            spec,
                            "devices",
                            device ->
                                    Trees.each(device, "taints", taint -> Trees.fillAbsent(taint, "timeAdded", now))));
        }
    }
}
