package io.pilothouse.apiserver.kinds.flowcontrol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.GroupResource;
import java.util.List;

/** flowcontrol.apiserver.k8s.io/v1 FlowSchema. */
public final class FlowSchemas {
    public static final GroupResource RESOURCE = new GroupResource("flowcontrol.apiserver.k8s.io", "flowschemas");
    private static final int DEFAULT_PRECEDENCE = 1000;
    private static final String PRECEDENCE_TEXT =
            "`matchingPrecedence` is used to choose among the FlowSchemas that match a given request. The chosen FlowSchema is among"
                    + " those with the numerically lowest (which we take to be logically highest) MatchingPrecedence.  Each MatchingPrecedence"
                    + " value must be ranged in [1,10000]. Note that if the precedence is not specified, it will be set to 1000 as default.";
    private static final String DISTINGUISHER_TEXT =
            "`distinguisherMethod` defines how to compute the flow distinguisher for requests that match this schema. `nil` specifies"
                    + " that the distinguisher is disabled and thus will always be the empty string.";

    private FlowSchemas() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("flowcontrol.apiserver.k8s.io", "flowschemas", "flowschema", "FlowSchema")
                .version("v1", schemas)
                .clusterScoped()
                .generation("spec")
                .strategy(new Rules(FlowControlDefaults.load(schemas)))
                .resetFields("status", "metadata", "spec")
                .subresource(new Subresource.View("status", List.of("get", "patch", "update"), new Status()))
                .columns(
                        TableWriter.name(),
                        Column.text(
                                "PriorityLevel",
                                "`name` is the name of the priority level configuration being referenced Required.",
                                o -> o.path("spec")
                                        .path("priorityLevelConfiguration")
                                        .path("name")
                                        .asText()),
                        new Column(
                                "MatchingPrecedence",
                                "string",
                                "",
                                PRECEDENCE_TEXT,
                                0,
                                (o, now) -> o.path("spec").path("matchingPrecedence")),
                        Column.text(
                                "DistinguisherMethod",
                                DISTINGUISHER_TEXT,
                                o -> o.path("spec")
                                        .path("distinguisherMethod")
                                        .path("type")
                                        .asText("<none>")),
                        TableWriter.age(),
                        Column.text(
                                "MissingPL",
                                "references a broken or non-existent PriorityLevelConfiguration",
                                FlowSchemas::dangling))
                .build();
    }

    private static String dangling(ObjectNode object) {
        for (var condition : object.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Dangling")) {
                return condition.path("status").asText();
            }
        }
        return "?";
    }

    private record Rules(FlowControlDefaults defaults) implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            Trees.fillZero(object.withObjectProperty("spec"), "matchingPrecedence", DEFAULT_PRECEDENCE);
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return FlowSchemaValidation.check(object, defaults);
        }
    }

    private static final class Status implements Subresource.ViewStrategy {
        @Override
        public void restrict(ObjectNode object, ObjectNode old) {
            StatusView.KEEPS_METADATA.restrict(object, old);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return FlowSchemaValidation.status(object);
        }
    }
}
