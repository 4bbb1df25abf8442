package io.pilothouse.apiserver.kinds.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.List;

/** Access to devices that others use: only in namespaces that are marked for it. */
final class AdminAccess {
    private static final String LABEL = "resource.kubernetes.io/admin-access";

    private AdminAccess() {}

    /** @param spec of a claim */
    static List<FieldError> ofRequests(JsonNode spec, WriteContext context) {
        var requests = spec.path("devices").path("requests");
        for (int i = 0; i < requests.size(); i++) {
            if (requests.get(i).path("exactly").path("adminAccess").asBoolean()) {
                // Where upstream tells of it, though the field lies deeper.
                return check(FieldPath.of("spec", "devices", "requests").index(i), context);
            }
        }
        return List.of();
    }

    /** @param status of a claim; access that was granted before stays */
    static List<FieldError> ofResults(JsonNode status, JsonNode old, WriteContext context) {
        if (old.path("allocation").path("devices").path("results").valueStream().anyMatch(AdminAccess::asks)) {
            return List.of();
        }
        var results = status.path("allocation").path("devices").path("results");
        for (int i = 0; i < results.size(); i++) {
            if (asks(results.get(i))) {
                return check(
                        FieldPath.of("status", "allocation", "devices", "results")
                                .index(i),
                        context);
            }
        }
        return List.of();
    }

    private static boolean asks(JsonNode result) {
        return result.path("adminAccess").asBoolean();
    }

    private static List<FieldError> check(FieldPath path, WriteContext context) {
        boolean marked = context.cluster()
                .find(new GroupResource("", "namespaces"), "", context.namespace())
                .map(namespace -> "true".equals(ObjectMeta.labels(namespace).get(LABEL)))
                .orElse(false);
        return marked
                ? List.of()
                : List.of(FieldError.forbidden(
                        path.child("adminAccess"),
                        "admin access to devices requires the `" + LABEL
                                + ": true` label on the containing namespace"));
    }
}
