package io.pilothouse.apiserver.kinds.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestPoliciesTest {
    private static List<String> problems(String policy) {
        var errors = new ArrayList<FieldError>();
        RequestPolicies.check(Field.of(Json.tree(policy.replace('\'', '"')), errors), "10");
        return errors.stream().map(FieldError::message).toList();
    }

    @Test
    void valuesAreSortedAndHaveTheDefault() {
        assertThat(problems("{'default':'2','validValues':['1','2']}")).isEmpty();
        assertThat(problems("{'default':'3','validValues':['2','1','11']}"))
                .containsExactly(
                        "validValues[1]: Invalid value: \"1\": values must be sorted in ascending order",
                        "validValues[2]: Invalid value: \"11\": option is larger than capacity value: 10",
                        "validValues: Invalid value: \"3\": default value is not valid according to the requestPolicy");
    }

    @Test
    void rangesFitTheCapacityAndTheirSteps() {
        assertThat(problems("{'default':'4','validRange':{'min':'2','max':'8','step':'2'}}"))
                .isEmpty();
        assertThat(problems("{'default':'3','validRange':{'min':'2','max':'12','step':'2'}}"))
                .containsExactly(
                        "validRange.max: Invalid value: \"12\": max is larger than capacity value: 10",
                        "validRange.step: Invalid value: \"3\": value is not a multiple of a given step (2) from (2)");
    }
}
