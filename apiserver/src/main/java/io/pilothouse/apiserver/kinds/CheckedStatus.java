package io.pilothouse.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.Subresource.ViewStrategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import java.util.ArrayList;
import java.util.List;

/** A status subresource whose contents are checked. */
public record CheckedStatus(StatusView view, Check check) implements ViewStrategy {
    /** Checks the status of an object against its old one. */
    @FunctionalInterface
    public interface Check {
        void accept(Field status, JsonNode old);
    }

    /** The subresource of a kind. */
    public static Subresource subresource(StatusView view, Check check) {
        return new Subresource.View("status", List.of("get", "patch", "update"), new CheckedStatus(view, check));
    }

    @Override
    public void restrict(ObjectNode object, ObjectNode old) {
        view.restrict(object, old);
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
        var errors = new ArrayList<FieldError>();
        check.accept(Field.of(object, errors).child("status"), old.path("status"));
        return errors;
    }
}
