package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusRules;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** core/v1 ResourceQuota. */
public final class ResourceQuotas {
    private ResourceQuotas() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "resourcequotas", "resourcequota", "ResourceQuota")
                .version("v1", schemas)
                .shortNames("quota")
                .returnsDeletedObject()
                .status(new Status())
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.text(
                                "Request",
                                "Request represents a minimum amount of cpu/memory that a container may consume.",
                                o -> used(o, false)),
                        Column.text(
                                "Limit",
                                "Limits control the maximum amount of cpu/memory that a container may use independent of contention on"
                                        + " the node.",
                                o -> used(o, true)),
                        TableWriter.age())
                .build();
    }

    private static String used(ObjectNode quota, boolean limits) {
        var status = quota.path("status");
        var names = new TreeSet<String>();
        status.path("hard").fieldNames().forEachRemaining(names::add);
        var out = new ArrayList<String>();
        for (String name : names) {
            if (name.startsWith("limits.") == limits) {
                out.add(name + ": " + status.path("used").path(name).asText("0") + "/"
                        + status.path("hard").path(name).asText());
            }
        }
        return String.join(", ", out);
    }

    private static final class Rules implements Strategy {
        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return ResourceQuotaValidation.validate(object);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<>(ResourceQuotaValidation.validate(object));
            var scopes = Field.of(object, errors).child("spec", "scopes");
            var before = new HashSet<>(Trees.strings(old.path("spec").path("scopes")));
            if (!before.equals(new HashSet<>(Trees.strings(scopes.value())))) {
                errors.add(FieldError.invalid(
                        scopes.path(), scopes.present() ? scopes.value() : null, "field is immutable"));
            }
            return errors;
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            var out = new ArrayList<String>();
            var hard = object.path("spec").path("hard");
            if (old != null) {
                return out;
            }
            for (String name : List.of("cpu", "memory", "storage", "ephemeral-storage")) {
                boolean plain = !hard.has("requests." + name) && (name.equals("cpu") || name.equals("memory"));
                String request = plain ? name : "requests." + name;
                String limit = "limits." + name;
                if (hard.has(request)
                        && hard.has(limit)
                        && Quantity.parse(hard.path(request).asText())
                                        .compareTo(
                                                Quantity.parse(hard.path(limit).asText()))
                                > 0) {
                    out.add("ResourceQuota " + request + " ("
                            + hard.path(request).asText() + ") should be less than " + limit + " ("
                            + hard.path(limit).asText() + ")");
                }
            }
            return out;
        }
    }

    private static final class Status extends StatusRules {
        Status() {
            super(StatusView.FREE_METADATA);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            ResourceQuotaValidation.amounts(Field.of(object, errors).child("status"), "hard", "used");
            return errors;
        }
    }
}
