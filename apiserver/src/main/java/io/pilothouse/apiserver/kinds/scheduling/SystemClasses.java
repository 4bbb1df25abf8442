package io.pilothouse.apiserver.kinds.scheduling;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.DeleteOptions;
import io.pilothouse.apiserver.catalog.DeletionRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.StandardDeletion;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.List;
import java.util.Optional;

/** The priority classes of a cluster's own parts: always there, never changed. */
final class SystemClasses {
    private static final int CRITICAL = 2_000_000_000;

    private SystemClasses() {}

    static List<ObjectNode> all() {
        return List.of(
                of(
                        "system-node-critical",
                        CRITICAL + 1000,
                        "Used for system critical pods that must not be moved from their current node."),
                of(
                        "system-cluster-critical",
                        CRITICAL,
                        "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary."));
    }

    private static ObjectNode of(String name, int value, String description) {
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "PriorityClass")
                .put("apiVersion", "scheduling.k8s.io/v1");
        object.putObject("metadata").put("name", name);
        return object.put("value", value).put("description", description);
    }

    private static Optional<ObjectNode> find(String name) {
        return all().stream().filter(c -> ObjectMeta.name(c).equals(name)).findFirst();
    }

    /** What is wrong with an object that has a system name; empty for what is one of them. */
    static Optional<String> problem(ObjectNode object) {
        String name = ObjectMeta.name(object);
        var known = find(name);
        if (known.isEmpty()) {
            return Optional.of(name + " is not a known system priority class");
        }
        int value = known.get().path("value").asInt();
        if (value != object.path("value").asInt()) {
            return Optional.of("value of " + name + " PriorityClass must be " + value);
        }
        return object.path("globalDefault").asBoolean()
                ? Optional.of("globalDefault of " + name + " PriorityClass must be false")
                : Optional.empty();
    }

    /** Refuses to delete them. */
    static final class Deletion implements DeletionRule {
        @Override
        public Outcome apply(
                ResourceDefinition definition, ObjectNode object, DeleteOptions options, WriteContext context) {
            if (find(ObjectMeta.name(object)).isPresent()) {
                throw StatusException.forbidden(
                        definition.groupResource(),
                        ObjectMeta.name(object),
                        "this is a system priority class and cannot be deleted");
            }
            return StandardDeletion.INSTANCE.apply(definition, object, options, context);
        }

        @Override
        public boolean endsWithUpdate(ObjectNode object, ObjectNode old) {
            return StandardDeletion.INSTANCE.endsWithUpdate(object, old);
        }
    }
}
