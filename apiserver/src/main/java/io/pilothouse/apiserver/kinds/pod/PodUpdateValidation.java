package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import java.util.List;

/** What of a pod's spec may change: images, a shorter deadline, more tolerations, fewer gates, and a gated pod's choice of nodes. */
final class PodUpdateValidation {
    private static final String MUTABLE =
            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                    + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                    + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n";
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

    private PodUpdateValidation() {}

    static void check(Field spec, JsonNode old, PodRules rules) {
        for (String list : List.of("containers", "initContainers")) {
            if (!images(spec.child(list), old.path(list))) {
                return;
            }
        }
        if (!deadline(spec.child("activeDeadlineSeconds"), old.path("activeDeadlineSeconds"))) {
            return;
        }
        tolerations(spec.child("tolerations"), old.path("tolerations"), rules);
        gates(spec.child("schedulingGates"), old.path("schedulingGates"));
        if (SameValue.of(spec.value(), old)) {
            return;
        }
        var rest = (ObjectNode) spec.value().deepCopy();
        for (String list : List.of("containers", "initContainers")) {
            for (int i = 0; i < rest.path(list).size(); i++) {
                take(
                        (ObjectNode) rest.path(list).get(i),
                        "image",
                        old.path(list).get(i).path("image"));
            }
        }
        for (String free : List.of("activeDeadlineSeconds", "schedulingGates", "tolerations")) {
            take(rest, free, old.path(free));
        }
        var grace = old.path("terminationGracePeriodSeconds");
        if (grace.asLong() < 0 && rest.path("terminationGracePeriodSeconds").asLong() == 1) {
            take(rest, "terminationGracePeriodSeconds", grace);
        }
        if (!old.path("schedulingGates").isEmpty()) {
            gated(spec, rest, old);
        }
        if (!SameValue.of(rest, old)) {
            spec.forbidden(MUTABLE + InternalForm.diff("PodSpec", old, rest));
        }
    }

    private static void take(ObjectNode node, String field, JsonNode value) {
        if (value.isMissingNode()) {
            node.remove(field);
        } else {
            node.set(field, value);
        }
    }

    /** @return false if the containers cannot be compared one by one */
    private static boolean images(Field containers, JsonNode old) {
        if (containers.size() != old.size()) {
            return containers.forbidden("pod updates may not add or remove containers");
        }
        containers.each(container -> {
            container.child("image").mustExist();
            ContainerValidation.image(container);
        });
        return true;
    }

    private static boolean deadline(Field deadline, JsonNode old) {
        if (!deadline.present()) {
            if (!old.isMissingNode()) {
                deadline.add(FieldError.invalid(
                        deadline.path(), null, "must not update from a positive integer to nil value"));
            }
            return true;
        }
        if (deadline.number() < 0 || deadline.number() > Integer.MAX_VALUE) {
            return deadline.invalid("must be between 0 and 2147483647, inclusive");
        }
        return old.isMissingNode()
                || old.asLong() >= deadline.number()
                || deadline.invalid("must be less than or equal to previous value");
    }

    private static void tolerations(Field tolerations, JsonNode old, PodRules rules) {
        for (var before : old) {
            boolean kept = false;
            for (var now : tolerations.value()) {
                kept |= withoutSeconds(now).equals(withoutSeconds(before));
            }
            if (!kept) {
                tolerations.forbidden("existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
        TolerationRules.check(tolerations, rules);
    }

    private static JsonNode withoutSeconds(JsonNode toleration) {
        return ((ObjectNode) toleration.deepCopy()).without("tolerationSeconds");
    }

    private static void gates(Field gates, JsonNode old) {
        gates.each(gate -> {
            String name = gate.child("name").text();
            boolean known = false;
            for (var before : old) {
                known |= before.path("name").asText("").equals(name);
            }
            if (!known) {
                gate.child("name").forbidden("only deletion is allowed, but found new scheduling gate '" + name + "'");
            }
        });
    }

    /** A pod that waits behind gates may be told to run on fewer nodes. */
    private static void gated(Field spec, ObjectNode rest, JsonNode old) {
        var selector = spec.child("nodeSelector");
        var oldSelector = old.path("nodeSelector");
        if (oldSelector
                .propertyStream()
                .anyMatch(e -> !e.getValue().equals(selector.value().get(e.getKey())))) {
            selector.add(FieldError.invalid(
                    selector.path(),
                    selector.present() ? selector.value() : null,
                    "only additions to spec.nodeSelector are allowed (no mutations or deletions)"));
        }
        take(rest, "nodeSelector", oldSelector);
        var oldAffinity = old.path("affinity").path("nodeAffinity");
        var affinity = spec.child("affinity", "nodeAffinity");
        if (SameValue.of(affinity.value(), oldAffinity)) {
            return;
        }
        nodeAffinity(affinity, oldAffinity);
        if (oldAffinity.isMissingNode()) {
            ((ObjectNode) rest.path("affinity")).remove("nodeAffinity");
        } else {
            rest.withObjectProperty("affinity").set("nodeAffinity", oldAffinity);
        }
    }

    private static void nodeAffinity(Field affinity, JsonNode old) {
        var oldTerms = old.path(REQUIRED).path("nodeSelectorTerms");
        var terms = affinity.child(REQUIRED, "nodeSelectorTerms");
        if (oldTerms.isEmpty()) {
            return;
        }
        if (oldTerms.size() != terms.size()) {
            terms.add(FieldError.invalid(
                    terms.path(),
                    shown(terms.value()),
                    "no additions/deletions to non-empty NodeSelectorTerms list are allowed"));
            return;
        }
        for (int i = 0; i < oldTerms.size(); i++) {
            var term = terms.items().get(i);
            if (!addsOnly(term.value(), oldTerms.get(i))) {
                term.add(FieldError.invalid(
                        term.path(),
                        InternalForm.of("NodeSelectorTerm", term.value()),
                        "only additions are allowed (no mutations or deletions)"));
            }
        }
    }

    private static JsonNode shown(JsonNode terms) {
        if (terms.isMissingNode()) {
            return JsonNodeFactory.instance.nullNode();
        }
        var out = JsonNodeFactory.instance.arrayNode();
        terms.forEach(term -> out.add(InternalForm.of("NodeSelectorTerm", term)));
        return out;
    }

    /** A term only chooses fewer nodes with more requirements; one that chose none cannot be changed. */
    private static boolean addsOnly(JsonNode term, JsonNode old) {
        boolean empty = true;
        for (String list : List.of("matchExpressions", "matchFields")) {
            var before = old.path(list);
            var now = term.path(list);
            empty &= before.isEmpty();
            if (now.size() < before.size()) {
                return false;
            }
            for (int i = 0; i < before.size(); i++) {
                if (!SameValue.of(now.get(i), before.get(i))) {
                    return false;
                }
            }
        }
        return !empty
                || (term.path("matchExpressions").isEmpty()
                        && term.path("matchFields").isEmpty());
    }
}
