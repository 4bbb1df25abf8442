package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.kinds.TemplateStrategy;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.kinds.Workloads;
import io.pilothouse.apiserver.kinds.pod.PodDefaults;
import io.pilothouse.apiserver.kinds.pod.PodRules;
import io.pilothouse.apiserver.kinds.pod.TemplateValidation;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import java.util.List;

/** core/v1 PodTemplate. */
public final class PodTemplates {
    private PodTemplates() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "podtemplates", "podtemplate", "PodTemplate")
                .version("v1", schemas)
                .returnsDeletedObject()
                .generation("template")
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Workloads.containers(PodTemplates::template),
                        Workloads.images(PodTemplates::template),
                        Column.text(
                                "Pod Labels",
                                "The labels for the pod template.",
                                o -> Workloads.labels(
                                        template(o).path("metadata").path("labels"))))
                .build();
    }

    private static JsonNode template(JsonNode object) {
        return object.path("template");
    }

    private static final class Rules extends TemplateStrategy {
        Rules() {
            super("template");
        }

        @Override
        protected JsonNode template(JsonNode object) {
            return PodTemplates.template(object);
        }

        @Override
        public void defaults(ObjectNode object) {
            Trees.with(object, "template", PodDefaults::podTemplate);
        }

        @Override
        protected void check(Field object, PodRules rules) {
            TemplateValidation.check(object.child("template"), rules);
        }

        @Override
        protected List<String> nameWarnings(ObjectNode object) {
            return List.of();
        }
    }
}
