package io.pilothouse.apiserver.kinds.scheduling;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.GroupResource;
import java.util.List;

/** scheduling.k8s.io/v1 PriorityClass. */
public final class PriorityClasses {
    public static final GroupResource RESOURCE = new GroupResource("scheduling.k8s.io", "priorityclasses");

    private static final String VALUE_TEXT =
            "value represents the integer value of this priority class. This is the actual priority that pods receive when they have"
                    + " the name of this class in their pod spec.";
    private static final String DEFAULT_TEXT =
            "globalDefault specifies whether this PriorityClass should be considered as the default priority for pods that do not have"
                    + " any priority class. Only one PriorityClass can be marked as `globalDefault`. However, if more than one PriorityClasses exists"
                    + " with their `globalDefault` field set to true, the smallest value of such global default PriorityClasses will be used as the"
                    + " default priority.";
    private static final String PREEMPTION_TEXT =
            "preemptionPolicy is the Policy for preempting pods with lower priority. One of Never, PreemptLowerPriority. Defaults to"
                    + " PreemptLowerPriority if unset.";

    private PriorityClasses() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("scheduling.k8s.io", "priorityclasses", "priorityclass", "PriorityClass")
                .version("v1", schemas)
                .clusterScoped()
                .shortNames("pc")
                // The first generation is counted, and none after it.
                .generation()
                .strategy(new Rules())
                .deletion(new SystemClasses.Deletion())
                .columns(
                        TableWriter.name(),
                        Column.number("Value", VALUE_TEXT, o -> o.path("value").asLong()),
                        new Column(
                                "Global-Default",
                                "boolean",
                                "",
                                DEFAULT_TEXT,
                                0,
                                (o, now) -> JsonNodeFactory.instance.booleanNode(
                                        o.path("globalDefault").asBoolean())),
                        TableWriter.age(),
                        Column.text(
                                "PreemptionPolicy",
                                PREEMPTION_TEXT,
                                o -> o.path("preemptionPolicy").asText()))
                .build();
    }

    /** The classes that every cluster has. */
    public static List<ObjectNode> systemClasses() {
        return SystemClasses.all();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            Trees.fillAbsent(object, "preemptionPolicy", "PreemptLowerPriority");
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return PriorityClassValidation.create(object);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return PriorityClassValidation.update(object, old);
        }
    }
}
