package io.pilothouse.apiserver.kinds.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.NodeLabels;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.field.SelectorRules;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** storage.k8s.io/v1 CSIStorageCapacity. */
public final class CSIStorageCapacities {
    private CSIStorageCapacities() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of(
                        "storage.k8s.io", "csistoragecapacities", "csistoragecapacity", "CSIStorageCapacity")
                .version("v1", schemas)
                .conditionalUpdate()
                .strategy(new Rules())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return validate(object, false);
        }

        private static List<FieldError> validate(ObjectNode object, boolean anySelectorValues) {
            var errors = new ArrayList<FieldError>();
            var all = Field.of(object, errors);
            SelectorRules.check(all.child("nodeTopology"), anySelectorValues);
            all.child("storageClassName").matches(LabelFormat::subdomain);
            all.child("capacity").ifPresent(Field::quantityNotNegative);
            return errors;
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var oldErrors = new ArrayList<FieldError>();
            SelectorRules.check(Field.of(old, oldErrors).child("nodeTopology"));
            var errors = new ArrayList<>(validate(object, !oldErrors.isEmpty()));
            var all = Field.of(object, errors);
            all.child("nodeTopology").immutable(old.path("nodeTopology"));
            all.child("storageClassName").immutable(old.path("storageClassName"));
            return errors;
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            return NodeLabels.ofSelector(object.path("nodeTopology"), FieldPath.of("nodeTopology"));
        }
    }
}
