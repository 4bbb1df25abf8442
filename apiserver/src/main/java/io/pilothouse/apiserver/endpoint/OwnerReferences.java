package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.function.Consumer;

/** Owners that an object names several times are kept once. */
final class OwnerReferences {
    private OwnerReferences() {}

    /**
     * Removes repeated owners, and warns of them.
     *
     * @param afterAdmission whether mutating admission has seen the object, and may have put them there
     */
    static void dedup(ObjectNode object, boolean afterAdmission, Consumer<String> warnings) {
        if (!(ObjectMeta.of(object).get("ownerReferences") instanceof ArrayNode references) || references.size() < 2) {
            return;
        }
        var kept = new LinkedHashSet<JsonNode>();
        var repeated = new ArrayList<String>();
        for (var reference : references) {
            if (!kept.add(reference)) {
                repeated.add(reference.path("uid").asText(""));
            }
        }
        if (repeated.isEmpty()) {
            return;
        }
        references.removeAll().addAll(kept);
        warnings.accept(".metadata.ownerReferences contains duplicate entries"
                + (afterAdmission ? " after mutating admission happens" : "")
                + "; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your"
                + " requests; duplicate UID(s) observed: " + String.join(", ", repeated));
    }
}
