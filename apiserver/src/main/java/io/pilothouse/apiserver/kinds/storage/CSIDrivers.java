package io.pilothouse.apiserver.kinds.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** storage.k8s.io/v1 CSIDriver. */
public final class CSIDrivers {
    private static final String SPEC = "storage.v1.CSIDriverSpec";
    private static final long SHORTEST_TOKEN_SECONDS = 600;
    private static final long LONGEST_TOKEN_SECONDS = 1L << 32;
    private static final Map<String, Boolean> SWITCHES = Map.of(
            "attachRequired", true,
            "podInfoOnMount", false,
            "storageCapacity", false,
            "requiresRepublish", false,
            "seLinuxMount", false);
    private static final String TOKENS_IN_SECRETS =
            "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging"
                    + " of tokens in volume attributes";

    private CSIDrivers() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("storage.k8s.io", "csidrivers", "csidriver", "CSIDriver")
                .version("v1", schemas)
                .clusterScoped()
                .returnsDeletedObject()
                .conditionalUpdate()
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        flag(schemas, "AttachRequired", "attachRequired", true),
                        flag(schemas, "PodInfoOnMount", "podInfoOnMount", false),
                        flag(schemas, "StorageCapacity", "storageCapacity", false),
                        Column.text("TokenRequests", schemas.text(SPEC, "tokenRequests"), CSIDrivers::audiences),
                        flag(schemas, "RequiresRepublish", "requiresRepublish", false),
                        Column.text("Modes", schemas.text(SPEC, "volumeLifecycleModes"), CSIDrivers::modes),
                        TableWriter.age())
                .build();
    }

    private static Column flag(Schemas schemas, String name, String field, boolean otherwise) {
        return Column.flag(
                name, schemas.text(SPEC, field), o -> o.path("spec").path(field).asBoolean(otherwise));
    }

    private static String audiences(ObjectNode driver) {
        var requests = driver.path("spec").path("tokenRequests");
        var out = new ArrayList<String>();
        requests.forEach(r -> out.add(r.path("audience").asText("")));
        return requests.isMissingNode() ? "<unset>" : String.join(",", out);
    }

    private static String modes(ObjectNode driver) {
        var modes = Trees.strings(driver.path("spec").path("volumeLifecycleModes"));
        return modes.isEmpty() ? "<none>" : String.join(",", modes);
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            var spec = object.withObjectProperty("spec");
            SWITCHES.forEach((field, value) -> Trees.fill(spec, field, value.booleanValue()));
            if (!spec.hasNonNull("fsGroupPolicy")) {
                spec.put("fsGroupPolicy", "ReadWriteOnceWithFSType");
            }
            if (spec.path("volumeLifecycleModes").isEmpty()) {
                spec.putArray("volumeLifecycleModes").add("Persistent");
            }
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            object.withObjectProperty("spec").remove("preventPodSchedulingIfMissing");
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            if (!old.path("spec").has("preventPodSchedulingIfMissing")) {
                object.withObjectProperty("spec").remove("preventPodSchedulingIfMissing");
            }
            // Only a change makes a generation: a new driver has none.
            if (!object.path("spec").equals(old.path("spec"))) {
                ObjectMeta.setGeneration(object, ObjectMeta.generation(old) + 1);
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            spec(Field.of(object, errors).child("spec"));
            return errors;
        }

        private static void spec(Field spec) {
            for (String field : new String[] {"attachRequired", "podInfoOnMount", "storageCapacity"}) {
                required(spec, field);
            }
            spec.child("fsGroupPolicy").ifPresent(p -> p.oneOf("File", "None", "ReadWriteOnceWithFSType"));
            tokens(spec.child("tokenRequests"));
            var modes = spec.child("volumeLifecycleModes");
            // Upstream names the list, not the mode.
            modes.each(mode -> mode.placedAt(modes.path()).oneOf("Persistent", "Ephemeral"));
            required(spec, "seLinuxMount");
            var period = spec.child("nodeAllocatableUpdatePeriodSeconds");
            if (period.present() && period.number() < 10) {
                period.invalid("must be greater than or equal to 10 seconds");
            }
            var inSecrets = spec.child("serviceAccountTokenInSecrets");
            if (inSecrets.present() && spec.child("tokenRequests").isEmpty()) {
                inSecrets.invalid("serviceAccountTokenInSecrets is set but no tokenRequests are specified");
            }
        }

        private static void required(Field spec, String field) {
            if (!spec.child(field).present()) {
                // Upstream calls it so.
                spec.child(field.equals("attachRequired") ? "attachedRequired" : field)
                        .required("");
            }
        }

        private static void tokens(Field requests) {
            var audiences = new HashSet<String>();
            requests.each(request -> {
                if (!audiences.add(request.child("audience").text())) {
                    request.child("audience")
                            .duplicate(request.child("audience").text());
                    return;
                }
                var seconds = request.child("expirationSeconds");
                if (seconds.present() && seconds.number() < SHORTEST_TOKEN_SECONDS) {
                    seconds.invalid("may not specify a duration less than 10 minutes");
                }
                if (seconds.number() > LONGEST_TOKEN_SECONDS) {
                    seconds.invalid("may not specify a duration larger than 2^32 seconds");
                }
            });
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var spec = Field.of(object, errors).child("spec");
            var before = old.path("spec");
            spec(spec);
            spec.child("attachRequired")
                    .placedAt(spec.path().child("attachedRequired"))
                    .immutable(before.path("attachRequired"));
            spec.child("volumeLifecycleModes").immutable(before.path("volumeLifecycleModes"));
            return errors;
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            var requests = object.path("spec").path("tokenRequests");
            boolean changed = old == null || !requests.equals(old.path("spec").path("tokenRequests"));
            return changed && !requests.isEmpty() && !object.path("spec").hasNonNull("serviceAccountTokenInSecrets")
                    ? List.of(TOKENS_IN_SECRETS)
                    : List.of();
        }
    }
}
