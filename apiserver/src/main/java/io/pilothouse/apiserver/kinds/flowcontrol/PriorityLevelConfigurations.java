package io.pilothouse.apiserver.kinds.flowcontrol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.GroupResource;
import java.util.List;

/** flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration. */
public final class PriorityLevelConfigurations {
    public static final GroupResource RESOURCE =
            new GroupResource("flowcontrol.apiserver.k8s.io", "prioritylevelconfigurations");
    private static final int DEFAULT_SHARES = 30;
    private static final int DEFAULT_HAND_SIZE = 8;
    private static final int DEFAULT_QUEUES = 64;
    private static final int DEFAULT_QUEUE_LENGTH = 50;

    private PriorityLevelConfigurations() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of(
                        "flowcontrol.apiserver.k8s.io",
                        "prioritylevelconfigurations",
                        "prioritylevelconfiguration",
                        "PriorityLevelConfiguration")
                .version("v1", schemas)
                .clusterScoped()
                .generation("spec")
                .strategy(new Rules(FlowControlDefaults.load(schemas)))
                .resetFields("status", "metadata", "spec")
                .subresource(new Subresource.View("status", List.of("get", "patch", "update"), new Status()))
                .columns(PriorityLevelColumns.all())
                .build();
    }

    private record Rules(FlowControlDefaults defaults) implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            var spec = object.withObjectProperty("spec");
            Trees.with(spec, "exempt", exempt -> {
                Trees.fill(exempt, "nominalConcurrencyShares", 0);
                Trees.fill(exempt, "lendablePercent", 0);
            });
            Trees.with(spec, "limited", limited -> {
                Trees.fill(limited, "nominalConcurrencyShares", DEFAULT_SHARES);
                Trees.fill(limited, "lendablePercent", 0);
                Trees.with(
                        limited,
                        "limitResponse",
                        response -> Trees.with(response, "queuing", queuing -> {
                            Trees.fillZero(queuing, "handSize", DEFAULT_HAND_SIZE);
                            Trees.fillZero(queuing, "queues", DEFAULT_QUEUES);
                            Trees.fillZero(queuing, "queueLengthLimit", DEFAULT_QUEUE_LENGTH);
                        }));
            });
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return PriorityLevelValidation.check(object, defaults);
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
