package io.pilothouse.apiserver.kinds.core;

import static io.pilothouse.apiserver.kinds.Trees.fill;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ScaleMapping;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.kinds.PodDefaults;
import io.pilothouse.apiserver.kinds.PodSelectors;

/** core/v1 ReplicationController. */
public final class ReplicationControllers {
    private ReplicationControllers() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "replicationcontrollers", "replicationcontroller", "ReplicationController")
                .version("v1", schemas)
                .shortNames("rc")
                .categories("all")
                .storedUnder("controllers")
                .returnsDeletedObject()
                .generation("spec")
                .subresource(new Subresource.Scale(
                        new ScaleMapping("spec.replicas", "status.replicas", PodSelectors::ofScale)))
                .status()
                .strategy(new Rules())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            var spec = object.withObjectProperty("spec");
            fill(spec, "replicas", 1);
            var labels = spec.path("template").path("metadata").path("labels");
            if (!labels.isEmpty()) {
                if (spec.path("selector").isEmpty()) {
                    spec.set("selector", labels.deepCopy());
                }
                if (object.path("metadata").path("labels").isEmpty()) {
                    object.withObjectProperty("metadata").set("labels", labels.deepCopy());
                }
            }
            PodDefaults.template(object);
        }
    }
}
