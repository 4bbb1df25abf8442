package io.pilothouse.apiserver.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Subresource.ViewStrategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.schema.CustomResourceSchema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The status of a custom resource: nothing else is written through it, and only the status is checked. */
record CustomStatusView(CustomResourceSchema schema, CustomRules rules) implements ViewStrategy {
    @Override
    public void restrict(ObjectNode object, ObjectNode old) {
        StatusView.KEEPS_METADATA.restrict(object, old);
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
        var errors = new ArrayList<>(schema.validateStatus(object, old));
        errors.addAll(rules.validate(object, old, errors));
        return errors;
    }

    @Override
    public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        return rules.warnings(object, old);
    }
}
