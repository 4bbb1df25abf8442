package io.pilothouse.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.selector.FieldSelector;
import io.pilothouse.machinery.selector.LabelSelector;
import io.pilothouse.machinery.selector.Operator;
import io.pilothouse.machinery.selector.Requirement;
import io.pilothouse.machinery.selector.SelectorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A selector as authorizers see it: the requirements that were understood, all of which hold, and whether some were not. To leave some out
 * asks for more, which is safe.
 *
 * @param failed whether a part could not be read
 */
public record SelectorTerms(List<Requirement> requirements, boolean failed) {
    public static final SelectorTerms NONE = new SelectorTerms(List.of(), false);
    private static final Map<String, Operator> OPERATORS = Map.of(
            "In",
            Operator.IN,
            "NotIn",
            Operator.NOT_IN,
            "Exists",
            Operator.EXISTS,
            "DoesNotExist",
            Operator.DOES_NOT_EXIST);

    public SelectorTerms {
        requirements = List.copyOf(requirements);
    }

    /** Of a request's fieldSelector parameter. */
    public static SelectorTerms ofFields(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        try {
            return new SelectorTerms(
                    FieldSelector.parse(text).terms().stream()
                            .map(t -> new Requirement(
                                    t.field(), t.equal() ? Operator.EQUALS : Operator.NOT_EQUALS, List.of(t.value())))
                            .toList(),
                    false);
        } catch (SelectorException e) {
            return new SelectorTerms(List.of(), true);
        }
    }

    /** Of a request's labelSelector parameter. */
    public static SelectorTerms ofLabels(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        try {
            return new SelectorTerms(LabelSelector.parse(text).requirements(), false);
        } catch (SelectorException e) {
            return new SelectorTerms(List.of(), true);
        }
    }

    /** Of an access review's fieldSelector. */
    public static SelectorTerms fieldsOf(JsonNode selector) {
        if (selector.path("requirements").isEmpty()) {
            return ofFields(selector.path("rawSelector").asText(""));
        }
        var terms = new ArrayList<Requirement>();
        boolean failed = false;
        for (var expression : selector.path("requirements")) {
            String operator = expression.path("operator").asText();
            var values = strings(expression.path("values"));
            if (values.size() == 1 && (operator.equals("In") || operator.equals("NotIn"))) {
                terms.add(new Requirement(
                        expression.path("key").asText(),
                        operator.equals("In") ? Operator.EQUALS : Operator.NOT_EQUALS,
                        values));
            } else {
                failed = true;
            }
        }
        return new SelectorTerms(terms, failed);
    }

    /** Of an access review's labelSelector. */
    public static SelectorTerms labelsOf(JsonNode selector) {
        if (selector.path("requirements").isEmpty()) {
            return ofLabels(selector.path("rawSelector").asText(""));
        }
        var terms = new ArrayList<Requirement>();
        boolean failed = false;
        for (var expression : selector.path("requirements")) {
            var operator = OPERATORS.get(expression.path("operator").asText());
            try {
                if (operator == null) {
                    failed = true;
                } else {
                    terms.add(Requirement.checked(
                            expression.path("key").asText(), operator, strings(expression.path("values"))));
                }
            } catch (SelectorException e) {
                failed = true;
            }
        }
        return new SelectorTerms(terms, failed);
    }

    private static List<String> strings(JsonNode array) {
        var out = new ArrayList<String>();
        array.forEach(v -> out.add(v.asText()));
        return out;
    }
}
