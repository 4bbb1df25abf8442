package io.pilothouse.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.kinds.apiextensions.DefinitionConditions;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which names a CustomResourceDefinition may have: those that no other one in its group was given. Names that are taken are not given;
 * the rest are.
 */
final class NameReservation {
    private final ObjectNode definition;
    private final Set<String> resources = new HashSet<>();
    private final Set<String> kinds = new HashSet<>();
    private final ObjectNode accepted;
    private String reason = "NoConflicts";
    private String message = "no conflicts found";

    private NameReservation(ObjectNode definition, List<ObjectNode> peers) {
        this.definition = definition;
        this.accepted = given(definition).deepCopy();
        for (var peer : peers) {
            if (peer.path("spec").path("group").equals(definition.path("spec").path("group"))) {
                var names = given(peer);
                resources.add(names.path("plural").asText());
                resources.add(names.path("singular").asText());
                resources.addAll(Trees.strings(names.path("shortNames")));
                kinds.add(names.path("kind").asText());
                kinds.add(names.path("listKind").asText());
            }
        }
        resources.remove("");
        kinds.remove("");
    }

    private static ObjectNode given(JsonNode definition) {
        return definition.path("status").path("acceptedNames") instanceof ObjectNode names
                ? names
                : JsonNodeFactory.instance.objectNode();
    }

    /** Whether the names that a definition wants are those that it has. */
    static boolean isSettled(ObjectNode definition) {
        return definition.path("spec").path("names").equals(given(definition));
    }

    /**
     * Gives a definition the names that it can have, with the conditions that say so.
     *
     * @param peers all definitions, this one too
     * @return whether anything changed
     */
    static boolean settle(ObjectNode definition, List<ObjectNode> peers, Instant now) {
        return new NameReservation(definition, peers).settle(now);
    }

    private boolean settle(Instant now) {
        var wanted = definition.path("spec").path("names");
        single(wanted, "plural", "PluralConflict", resources);
        single(wanted, "singular", "SingularConflict", resources);
        shortNames(wanted);
        single(wanted, "kind", "KindConflict", kinds);
        single(wanted, "listKind", "ListKindConflict", kinds);
        take(wanted, "categories");
        boolean noConflict = reason.equals("NoConflicts");
        boolean same = accepted.equals(given(definition));
        definition.withObjectProperty("status").set("acceptedNames", accepted);
        boolean changed = DefinitionConditions.set(
                definition, DefinitionConditions.NAMES_ACCEPTED, noConflict ? "True" : "False", reason, message, now);
        if (same && !changed) {
            return false;
        }
        if (!DefinitionConditions.isTrue(definition, DefinitionConditions.ESTABLISHED)) {
            DefinitionConditions.set(
                    definition,
                    DefinitionConditions.ESTABLISHED,
                    "False",
                    noConflict ? "Installing" : "NotAccepted",
                    noConflict ? "the initial names have been accepted" : "not all names are accepted",
                    now);
        }
        return true;
    }

    private void single(JsonNode wanted, String field, String conflict, Set<String> taken) {
        String name = wanted.path(field).asText();
        if (!name.equals(accepted.path(field).asText()) && taken.contains(name)) {
            refuse(conflict, name);
        } else {
            take(wanted, field);
        }
    }

    private void shortNames(JsonNode wanted) {
        var mine = new HashSet<>(Trees.strings(given(definition).path("shortNames")));
        mine.add(given(definition).path("plural").asText());
        mine.add(given(definition).path("singular").asText());
        var conflicts = Trees.strings(wanted.path("shortNames")).stream()
                .filter(n -> !mine.contains(n) && resources.contains(n))
                .distinct()
                .toList();
        if (conflicts.isEmpty()) {
            take(wanted, "shortNames");
            return;
        }
        var texts = conflicts.stream().map(NameReservation::inUse).toList();
        reason = "ShortNamesConflict";
        message = texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
    }

    private void refuse(String conflict, String name) {
        reason = conflict;
        message = inUse(name);
    }

    private static String inUse(String name) {
        return GoText.quote(name) + " is already in use";
    }

    private void take(JsonNode wanted, String field) {
        var value = wanted.get(field);
        if (value == null) {
            accepted.remove(field);
        } else {
            accepted.set(field, value.deepCopy());
        }
    }

    @Override
    public String toString() {
        return ObjectMeta.name(definition) + ": " + reason;
    }
}
