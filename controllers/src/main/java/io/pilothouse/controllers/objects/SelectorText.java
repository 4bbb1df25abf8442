package io.pilothouse.controllers.objects;

import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A label selector as Go prints one, which stands in the text of an event. */
public final class SelectorText {
    private SelectorText() {}

    /** The text; {@code nil} where there is no selector. */
    public static String of(@Nullable LabelSelector selector) {
        if (selector == null) {
            return "nil";
        }
        Map<String, String> labels = new TreeMap<>(Objects.requireNonNullElse(selector.getMatchLabels(), Map.of()));
        return "&LabelSelector{MatchLabels:map[string]string{"
                + labels.entrySet().stream()
                        .map(label -> label.getKey() + ": " + label.getValue() + ",")
                        .collect(Collectors.joining())
                + "},MatchExpressions:[]LabelSelectorRequirement{"
                + selector.getMatchExpressions().stream()
                        .map(term -> "LabelSelectorRequirement{Key:" + term.getKey() + ",Operator:" + term.getOperator()
                                + ",Values:[" + String.join(" ", term.getValues()) + "],},")
                        .collect(Collectors.joining())
                + "},}";
    }
}
