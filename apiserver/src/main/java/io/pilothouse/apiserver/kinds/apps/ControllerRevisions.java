package io.pilothouse.apiserver.kinds.apps;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** apps/v1 ControllerRevision. */
public final class ControllerRevisions {
    private ControllerRevisions() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("apps", "controllerrevisions", "controllerrevision", "ControllerRevision")
                .version("v1", schemas)
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.text("Controller", "Controller of the object", ControllerRevisions::controller),
                        new Column(
                                "Revision",
                                "string",
                                "",
                                "Revision indicates the revision of the state represented by Data.",
                                0,
                                (o, now) -> JsonNodeFactory.instance.numberNode(
                                        o.path("revision").asLong())),
                        TableWriter.age())
                .build();
    }

    private static String controller(ObjectNode object) {
        for (var owner : ObjectMeta.ownerReferences(object)) {
            if (owner.path("controller").asBoolean()) {
                String version = owner.path("apiVersion").asText("");
                int slash = version.indexOf('/');
                String group = slash < 0 ? "" : "." + version.substring(0, slash);
                return owner.path("kind").asText("").toLowerCase(Locale.ROOT) + group + "/"
                        + owner.path("name").asText("");
            }
        }
        return "<none>";
    }

    private static final class Rules implements Strategy {
        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var field = Field.of(object, errors);
            field.child("revision").notNegative();
            var data = field.child("data");
            if (!data.present()) {
                data.required("data is mandatory");
            } else if (!data.value().isObject()) {
                data.required("data must be a valid JSON object");
            }
            return errors;
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var field = Field.of(object, errors);
            field.child("revision").notNegative();
            field.child("data").immutable(old.path("data"));
            return errors;
        }
    }
}
