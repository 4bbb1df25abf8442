package io.pilothouse.apiserver.kinds.coordination;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.List;

/** coordination.k8s.io/v1 Lease. */
public final class Leases {
    private static final String OLDEST = "OldestEmulationVersion";

    private Leases() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("coordination.k8s.io", "leases", "lease", "Lease")
                .version("v1", schemas)
                .createOnUpdate()
                .conditionalUpdate()
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.text(
                                "Holder",
                                "holderIdentity contains the identity of the holder of a current lease. If Coordinated Leader Election is"
                                        + " used, the holder identity must be equal to the elected LeaseCandidate.metadata.name field.",
                                o -> o.path("spec").path("holderIdentity").asText()),
                        TableWriter.age())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            drop(object, object.objectNode());
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            drop(object, old.path("spec"));
        }

        /** Coordinated leader election is off by default: its fields stay only where they are in use. */
        private static void drop(ObjectNode object, JsonNode before) {
            for (String field : new String[] {"strategy", "preferredHolder"}) {
                if (!before.has(field)) {
                    object.withObjectProperty("spec").remove(field);
                }
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var spec = Field.of(object, errors).child("spec");
            spec.child("leaseDurationSeconds").ifPresent(Field::positive);
            spec.child("leaseTransitions").notNegative();
            var strategy = spec.child("strategy");
            strategy.ifPresent(Rules::strategy);
            var preferred = spec.child("preferredHolder");
            if (!preferred.isEmpty() && strategy.isEmpty()) {
                preferred.forbidden("may only be specified if `strategy` is defined");
            }
            return errors;
        }

        /** A name of Kubernetes, or one below somebody's domain. Upstream tells of it one field too deep. */
        private static void strategy(Field strategy) {
            var told = strategy.placedAt(strategy.path().child("strategy"));
            if (strategy.text().contains("/")) {
                told.matches(LabelFormat::key);
            } else {
                told.oneOf(OLDEST);
            }
        }
    }
}
