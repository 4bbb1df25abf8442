package io.pilothouse.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.CustomResourceSchema;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The rules of a custom resource: its schema's. */
final class CustomStrategy implements Strategy {
    private final DefinitionSpec spec;
    private final CustomResourceSchema schema;
    private final CustomRules rules;
    private final JsonNode scale;
    private final BooleanSupplier terminating;

    /**
     * @param scale the scale subresource, missing where there is none
     * @param terminating whether the definition is being deleted
     */
    CustomStrategy(
            DefinitionSpec spec,
            CustomResourceSchema schema,
            CustomRules rules,
            JsonNode scale,
            BooleanSupplier terminating) {
        this.rules = rules;
        this.spec = spec;
        this.schema = schema;
        this.scale = scale;
        this.terminating = terminating;
    }

    @Override
    public void prepareForCreate(ObjectNode object, WriteContext context) {
        if (terminating.getAsBoolean()) {
            throw StatusException.forbidden(
                    new GroupResource(spec.group(), spec.plural()),
                    ObjectMeta.name(object),
                    "create not allowed while custom resource definition is terminating");
        }
    }

    @Override
    public List<FieldError> validate(ObjectNode object, WriteContext context) {
        var errors = new ArrayList<>(schema.validate(object));
        errors.addAll(CustomScale.validate(object, scale));
        errors.addAll(rules.validate(object, null, errors));
        return errors;
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
        var errors = new ArrayList<>(schema.validateUpdate(object, old));
        errors.addAll(CustomScale.validate(object, scale));
        errors.addAll(rules.validate(object, old, errors));
        return errors;
    }

    @Override
    public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        var added = new TreeSet<>(ObjectMeta.finalizers(object));
        if (old != null) {
            ObjectMeta.finalizers(old).forEach(added::remove);
        }
        var path = FieldPath.of("metadata", "finalizers");
        var out = new ArrayList<>(rules.warnings(object, old));
        added.stream()
                .filter(name -> !name.contains("/") && !name.equals("orphan") && !name.equals("foregroundDeletion"))
                .map(name -> path + ": " + GoText.quote(name)
                        + ": prefer a domain-qualified finalizer name including a path (/) to avoid"
                        + " accidental conflicts with other finalizer writers")
                .forEach(out::add);
        return out;
    }
}
