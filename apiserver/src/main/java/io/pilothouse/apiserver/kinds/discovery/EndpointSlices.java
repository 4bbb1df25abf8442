package io.pilothouse.apiserver.kinds.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.IpFormat;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** discovery.k8s.io/v1 EndpointSlice. */
public final class EndpointSlices {
    private static final String TYPE = "discovery.v1.EndpointSlice";
    private static final Set<String> CONTROLLERS =
            Set.of("endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io");
    private static final int SHOWN = 3;

    private EndpointSlices() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("discovery.k8s.io", "endpointslices", "endpointslice", "EndpointSlice")
                .version("v1", schemas)
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.text(
                                "AddressType",
                                schemas.text(TYPE, "addressType"),
                                o -> o.path("addressType").asText("")),
                        Column.text("Ports", schemas.text(TYPE, "ports"), EndpointSlices::ports),
                        Column.text("Endpoints", schemas.text(TYPE, "endpoints"), EndpointSlices::addresses),
                        TableWriter.age())
                .build();
    }

    private static String ports(ObjectNode slice) {
        var out = new ArrayList<String>();
        for (var port : slice.path("ports")) {
            out.add(
                    port.hasNonNull("port")
                            ? port.path("port").asText()
                            : port.path("name").asText("*"));
        }
        return limited(out);
    }

    private static String addresses(ObjectNode slice) {
        var out = new ArrayList<String>();
        for (var endpoint : slice.path("endpoints")) {
            out.addAll(Trees.strings(endpoint.path("addresses")));
        }
        return limited(out);
    }

    private static String limited(List<String> all) {
        if (all.size() <= SHOWN) {
            return all.isEmpty() ? "<unset>" : String.join(",", all);
        }
        return String.join(",", all.subList(0, SHOWN)) + " + " + (all.size() - SHOWN) + " more...";
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            Trees.each(object, "ports", port -> {
                if (!port.hasNonNull("name")) {
                    port.put("name", "");
                }
                if (!port.hasNonNull("protocol")) {
                    port.put("protocol", "TCP");
                }
            });
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            ObjectMeta.setGeneration(object, 1);
            dropTopology(object);
        }

        /** Only v1beta1, which is served no more, had a map of topology. */
        private static void dropTopology(ObjectNode object) {
            Trees.each(object, "endpoints", endpoint -> endpoint.remove("deprecatedTopology"));
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            if (!withoutMetadata(object).equals(withoutMetadata(old))
                    || !ObjectMeta.labels(object).equals(ObjectMeta.labels(old))) {
                ObjectMeta.setGeneration(object, ObjectMeta.generation(old) + 1);
            }
            if (!object.path("endpoints").equals(old.path("endpoints"))) {
                dropTopology(object);
            }
        }

        private static ObjectNode withoutMetadata(ObjectNode object) {
            ObjectNode copy = object.objectNode();
            object.properties().forEach(e -> copy.set(e.getKey(), e.getValue()));
            return copy.without(List.of("metadata", "kind", "apiVersion"));
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return EndpointSliceValidation.validate(object, null);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return EndpointSliceValidation.validate(object, old);
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            var out = new ArrayList<String>();
            if (old == null && object.path("addressType").asText("").equals("FQDN")) {
                out.add("spec.addressType: FQDN endpoints are deprecated");
            }
            String manager = ObjectMeta.label(object, "endpointslice.kubernetes.io/managed-by")
                    .orElse("");
            if (CONTROLLERS.contains(manager)) {
                return out;
            }
            int i = 0;
            for (var endpoint : object.path("endpoints")) {
                var at = FieldPath.of("endpoints").index(i++).child("addresses");
                int j = 0;
                for (var address : endpoint.path("addresses")) {
                    out.addAll(IpFormat.ipWarnings(at.index(j++), address.asText("")));
                }
            }
            return out;
        }
    }
}
