package io.pilothouse.machinery.field;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectorRulesTest {
    private static JsonNode json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }

    private static List<String> errors(String selector, boolean anyValues) throws JsonProcessingException {
        var errors = new ArrayList<FieldError>();
        SelectorRules.check(Field.at(json(selector), FieldPath.of("spec", "selector"), errors), anyValues);
        return errors.stream().map(FieldError::message).toList();
    }

    @Test
    void checksOperatorsKeysAndValues() throws JsonProcessingException {
        assertThat(errors(
                        "{'matchExpressions':[{'key':'a','operator':'In'},{'key':'a','operator':'Exists','values':['x']},"
                                + "{'key':'a','operator':'Near'}]}",
                        false))
                .containsExactly(
                        "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
                        "spec.selector.matchExpressions[1].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
                        "spec.selector.matchExpressions[2].operator: Invalid value: \"Near\": not a valid selector operator");
    }

    @Test
    void keepsOldValues() throws JsonProcessingException {
        String selector = "{'matchExpressions':[{'key':'a','operator':'In','values':['not a value']}]}";
        assertThat(errors(selector, false)).hasSize(1);
        assertThat(errors(selector, true)).isEmpty();
        assertThat(SelectorRules.hasInvalidValue(json(selector))).isTrue();
    }
}
