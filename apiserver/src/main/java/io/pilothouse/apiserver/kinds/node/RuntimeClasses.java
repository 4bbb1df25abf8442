package io.pilothouse.apiserver.kinds.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.NodeLabels;
import io.pilothouse.apiserver.kinds.pod.PodRules;
import io.pilothouse.apiserver.kinds.pod.ResourceRules;
import io.pilothouse.apiserver.kinds.pod.TolerationRules;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** node.k8s.io/v1 RuntimeClass. */
public final class RuntimeClasses {
    private RuntimeClasses() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("node.k8s.io", "runtimeclasses", "runtimeclass", "RuntimeClass")
                .version("v1", schemas)
                .clusterScoped()
                .createOnUpdate()
                .conditionalUpdate()
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        // Upstream looks for the words in the wrong place and finds none.
                        Column.text("Handler", "", o -> o.path("handler").asText()),
                        TableWriter.age())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var root = Field.of(object, errors);
            var handler = root.child("handler");
            if (handler.mustExist()) {
                handler.matches(LabelFormat::label);
            }
            var overhead = root.child("overhead");
            ResourceRules.overhead(overhead.child("podFixed").placedAt(overhead.path()), PodRules.newTemplate());
            var scheduling = root.child("scheduling");
            scheduling.child("nodeSelector").labels();
            tolerations(scheduling.child("tolerations"));
            return errors;
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            Field.of(object, errors).child("handler").immutable(old.path("handler"));
            return errors;
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            return object.path("scheduling")
                    .path("nodeSelector")
                    .propertyStream()
                    .flatMap(label -> NodeLabels.deprecation(label.getKey()).stream())
                    .map(why -> "scheduling.nodeSelector: " + why)
                    .toList();
        }

        private static void tolerations(Field tolerations) {
            TolerationRules.check(tolerations);
            var seen = new HashSet<Map<String, Object>>();
            tolerations.each(toleration -> {
                var shown = new LinkedHashMap<String, Object>();
                shown.put("Key", toleration.child("key").text());
                shown.put("Operator", toleration.child("operator").text());
                shown.put("Value", toleration.child("value").text());
                shown.put("Effect", toleration.child("effect").text());
                if (!seen.add(Map.copyOf(shown))) {
                    shown.put("TolerationSeconds", toleration.value().get("tolerationSeconds"));
                    toleration.duplicate(shown);
                }
            });
        }
    }
}
