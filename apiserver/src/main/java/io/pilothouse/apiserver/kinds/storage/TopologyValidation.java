package io.pilothouse.apiserver.kinds.storage;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold for core/v1 TopologySelectorTerms. */
final class TopologyValidation {
    private TopologyValidation() {}

    static void terms(Field terms) {
        // Upstream's list begins with as many empty terms as there are terms, so that an empty one is always one too
        // many.
        List<Map<String, Set<String>>> seen = new ArrayList<>();
        terms.each(term -> seen.add(Map.of()));
        terms.each(term -> {
            var expressions = expressions(term);
            seen.stream()
                    .filter(expressions::equals)
                    .forEach(same -> term.child("matchLabelExpressions").duplicate(""));
            seen.add(expressions);
        });
    }

    private static Map<String, Set<String>> expressions(Field term) {
        Map<String, Set<String>> out = new HashMap<>();
        term.child("matchLabelExpressions").each(expression -> {
            var values = new HashSet<String>();
            expression.child("values").mustExist();
            expression.child("values").each(value -> {
                if (!values.add(value.text())) {
                    value.duplicate();
                }
            });
            var key = expression.child("key");
            key.matches(LabelFormat::key);
            if (out.put(key.text(), values) != null) {
                key.duplicate();
            }
        });
        return out;
    }
}
