package io.pilothouse.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.match.Selection;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.List;

/**
 * Puts a policy to work. Immutable.
 *
 * @param actions what becomes of a validation that fails: Deny, Warn, Audit
 */
record Binding(String name, String policy, Selection selection, JsonNode paramRef, List<String> actions) {
    static Binding of(ObjectNode object) {
        var spec = object.path("spec");
        return new Binding(
                ObjectMeta.name(object),
                spec.path("policyName").asText(""),
                Selection.ofPolicy(spec.path("matchResources")),
                spec.path("paramRef"),
                Trees.strings(spec.path("validationActions")));
    }
}
