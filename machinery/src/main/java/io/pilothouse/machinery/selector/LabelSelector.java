package io.pilothouse.machinery.selector;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.gotext.GoText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All of some requirements on labels, sorted by key; none selects everything. Immutable. */
public final class LabelSelector {
    private final List<Requirement> requirements;
    private final boolean nothing;

    private LabelSelector(List<Requirement> requirements, boolean nothing) {
        this.requirements = requirements.stream()
                .sorted(Comparator.comparing(Requirement::key))
                .toList();
        this.nothing = nothing;
    }

    public static LabelSelector everything() {
        return new LabelSelector(List.of(), false);
    }

    public static LabelSelector nothing() {
        return new LabelSelector(List.of(), true);
    }

    public static LabelSelector of(List<Requirement> requirements) {
        return new LabelSelector(requirements, false);
    }

    /** Exactly these labels, unchecked. */
    public static LabelSelector of(Map<String, String> labels) {
        return of(labels.entrySet().stream()
                .map(e -> new Requirement(e.getKey(), Operator.EQUALS, List.of(e.getValue())))
                .toList());
    }

    /** Reads the query parameter's syntax: {@code a=b,c in (d,e),!f}. */
    public static LabelSelector parse(String text) {
        return of(new LabelSelectorParser(text).parse());
    }

    /** Reads a LabelSelector object; absent selects nothing and an empty one everything. */
    public static LabelSelector fromNode(@Nullable JsonNode selector) {
        if (selector == null || !selector.isObject()) {
            return nothing();
        }
        List<Requirement> out = new ArrayList<>();
        for (Map.Entry<String, JsonNode> e : selector.path("matchLabels").properties()) {
            out.add(Requirement.checked(
                    e.getKey(), Operator.EQUALS, List.of(e.getValue().asText())));
        }
        for (JsonNode expression : selector.path("matchExpressions")) {
            String operator = expression.path("operator").asText("");
            List<String> values = new ArrayList<>();
            expression.path("values").forEach(v -> values.add(v.asText()));
            out.add(Requirement.checked(
                    expression.path("key").asText(""),
                    switch (operator) {
                        case "In" -> Operator.IN;
                        case "NotIn" -> Operator.NOT_IN;
                        case "Exists" -> Operator.EXISTS;
                        case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
                        default ->
                            throw new SelectorException(
                                    GoText.quote(operator) + " is not a valid label selector operator");
                    },
                    values));
        }
        return of(out);
    }

    public boolean matches(Map<String, String> labels) {
        if (nothing) {
            return false;
        }
        for (Requirement requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it selects every object. */
    public boolean isEverything() {
        return !nothing && requirements.isEmpty();
    }

    /** Whether it can select no object at all. */
    public boolean isNothing() {
        return nothing;
    }

    /** The conditions, for an index; all must hold. */
    public List<Requirement> requirements() {
        return requirements;
    }

    @Override
    public String toString() {
        return requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
    }
}
