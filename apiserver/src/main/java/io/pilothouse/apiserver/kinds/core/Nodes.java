package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusRules;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.IpFormat;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** core/v1 Node. */
public final class Nodes {
    private static final List<String> PROXY_VERBS = List.of("create", "delete", "get", "patch", "update");

    private Nodes() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "nodes", "node", "Node")
                .version("v1", schemas)
                .clusterScoped()
                .shortNames("no")
                .storedUnder("minions")
                .status(new Status())
                .statusOnCreate()
                .selectable(
                        "spec.unschedulable",
                        o -> Boolean.toString(
                                o.path("spec").path("unschedulable").asBoolean()))
                .subresource(new Subresource.Connection(
                        "proxy", new GroupVersionKind("", "v1", "NodeProxyOptions"), PROXY_VERBS))
                .strategy(new Rules())
                .columns(NodeColumns.all(schemas))
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            if (object.path("status") instanceof ObjectNode status
                    && status.hasNonNull("capacity")
                    && !status.hasNonNull("allocatable")) {
                status.set("allocatable", status.get("capacity").deepCopy());
            }
            if (object.path("spec") instanceof ObjectNode spec) {
                alignRanges(spec);
            }
        }

        /** Brings podCIDR and podCIDRs together; the singular one decides where they differ. */
        private static void alignRanges(ObjectNode spec) {
            String first = spec.path("podCIDR").asText("");
            var all = Trees.strings(spec.path("podCIDRs"));
            if (!first.isEmpty() && (all.isEmpty() || !all.getFirst().equals(first))) {
                spec.putArray("podCIDRs").add(first);
            } else if (first.isEmpty() && !all.isEmpty()) {
                spec.put("podCIDR", all.getFirst());
            }
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            dropRemoved(object, "spec", "configSource");
            dropRemoved(object, "status", "config");
        }

        private static void dropRemoved(ObjectNode object, String parent, String field) {
            if (object.get(parent) instanceof ObjectNode node) {
                node.remove(field);
            }
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            if (!old.path("spec").hasNonNull("configSource")) {
                dropRemoved(object, "spec", "configSource");
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return NodeValidation.validate(object);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<>(NodeValidation.validate(object));
            errors.addAll(NodeValidation.validateUpdate(object, old));
            return errors;
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            var out = new ArrayList<String>();
            var spec = object.path("spec");
            if (spec.hasNonNull("configSource")) {
                out.add("spec.configSource: the feature is removed");
            }
            if (!spec.path("externalID").asText("").isEmpty()) {
                out.add("spec.externalID: this field is deprecated, and is unused by Kubernetes");
            }
            int i = 0;
            for (String range : Trees.strings(spec.path("podCIDRs"))) {
                out.addAll(
                        IpFormat.cidrWarnings(FieldPath.of("spec", "podCIDRs").index(i++), range));
            }
            return out;
        }
    }

    private static final class Status extends StatusRules {
        Status() {
            super(StatusView.FREE_METADATA);
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            if (!old.path("status").hasNonNull("config")) {
                Rules.dropRemoved(object, "status", "config");
            }
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return NodeValidation.validateUpdate(object, old);
        }
    }
}
