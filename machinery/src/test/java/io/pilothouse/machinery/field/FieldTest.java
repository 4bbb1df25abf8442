package io.pilothouse.machinery.field;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldTest {
    private final List<FieldError> errors = new ArrayList<>();

    private Field of(String json) throws Exception {
        return Field.of(new ObjectMapper().readTree(json), errors);
    }

    private List<String> messages() {
        return errors.stream().map(FieldError::message).toList();
    }

    @Test
    void walksToWhereItStands() throws Exception {
        of("{\"spec\": {\"ports\": [{\"port\": 0}, {\"port\": 80, \"protocol\": \"X\"}]}}")
                .child("spec", "ports")
                .each(port -> {
                    port.child("port").hasNumber(TextFormat::portNumber);
                    port.child("protocol").emptyOrOneOf("TCP", "UDP");
                });
        assertThat(messages())
                .containsExactly(
                        "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
                        "spec.ports[1].protocol: Unsupported value: \"X\": supported values: \"TCP\", \"UDP\"");
    }

    @Test
    void whatIsNotThereReadsAsNothing() throws Exception {
        var absent = of("{}").child("a", "b");
        assertThat(absent.present()).isFalse();
        assertThat(absent.isEmpty()).isTrue();
        assertThat(absent.text()).isEmpty();
        assertThat(absent.number()).isZero();
        assertThat(absent.items()).isEmpty();
        assertThat(absent.mustExist()).isFalse();
        assertThat(messages()).containsExactly("a.b: Required value");
    }

    @Test
    void immutableTakesAbsentForEmpty() throws Exception {
        JsonNode old = new ObjectMapper().readTree("{\"kept\": {}, \"gone\": {\"x\": 1}, \"text\": \"a\"}");
        var now = of("{}");
        now.child("kept").immutable(old.path("kept"));
        now.child("gone").immutable(old.path("gone"));
        now.child("text").immutable(old.path("text"));
        assertThat(messages())
                .containsExactly(
                        "gone: Invalid value: null: field is immutable",
                        "text: Invalid value: \"\": field is immutable");
    }

    @Test
    void everyProblemOfATextIsOneMistake() throws Exception {
        of("{\"name\": \"-a--b\"}").child("name").matches(TextFormat::portName);
        assertThat(messages())
                .containsExactly(
                        "name: Invalid value: \"-a--b\": must not contain consecutive hyphens",
                        "name: Invalid value: \"-a--b\": must not begin or end with a hyphen");
    }

    @Test
    void entriesAreFoundAtTheirKeys() throws Exception {
        of("{\"limits\": {\"memory\": \"-1\", \"cpu\": \"1\"}}")
                .child("limits")
                .entries((name, amount) -> amount.quantityNotNegative());
        assertThat(messages())
                .containsExactly("limits[memory]: Invalid value: \"-1\": must be greater than or equal to 0");
    }
}
