package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;

/** core/v1 LimitRange. */
public final class LimitRanges {
    private LimitRanges() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "limitranges", "limitrange", "LimitRange")
                .version("v1", schemas)
                .shortNames("limits")
                .createOnUpdate()
                .strategy(new Rules())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            Trees.with(
                    object,
                    "spec",
                    spec -> Trees.each(spec, "limits", limit -> {
                        if (limit.path("type").asText("").equals("Container")) {
                            fill(limit, "default", "max");
                            fill(limit, "defaultRequest", "default", "min");
                        }
                    }));
        }

        /** Gives a list of resources what it lacks of others, the first of them first. */
        private static void fill(ObjectNode limit, String field, String... others) {
            var all = new TreeMap<String, JsonNode>();
            limit.path(field).properties().forEach(e -> all.put(e.getKey(), e.getValue()));
            for (String other : others) {
                limit.path(other).properties().forEach(e -> all.putIfAbsent(e.getKey(), e.getValue()));
            }
            if (all.size() > limit.path(field).size()) {
                var filled = limit.putObject(field);
                all.forEach(filled::set);
            }
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            if (ObjectMeta.name(object).isEmpty()) {
                ObjectMeta.setName(object, UUID.randomUUID().toString());
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return LimitRangeValidation.validate(object);
        }
    }
}
