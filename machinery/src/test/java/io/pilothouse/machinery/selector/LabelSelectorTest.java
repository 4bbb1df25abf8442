package io.pilothouse.machinery.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.machinery.codec.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelSelectorTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=1|true",
                "a==1|true",
                "a!=1|false",
                "z!=1|true",
                "a in (1,2)|true",
                "a notin (1)|false",
                "z notin (1)|true",
                "a|true",
                "!a|false",
                "!z|true",
                "n>4|true",
                "n<4|false",
                "in=in|true",
                "a=1,b=|true",
                "b in ()|true",
                "''|true",
                " a = 1 , n > 4 |true",
                "n>x5|",
                "a in (,1)|true"
            })
    void matches(String text, Boolean expected) {
        Map<String, String> labels = Map.of("a", "1", "b", "", "n", "5", "in", "in");
        if (expected == null) {
            assertThatThrownBy(() -> LabelSelector.parse(text)).isInstanceOf(SelectorException.class);
        } else {
            assertThat(LabelSelector.parse(text).matches(labels)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a=b=c|found '=', expected: ',' or 'end of string'",
                "a,|found '', expected: identifier after ','",
                "=|found '=', expected: !, identifier, or 'end of string'",
                "a b|unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
                "a in b|unable to parse requirement: found 'b' expected: '('"
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> LabelSelector.parse(text)).hasMessage(message);
    }

    @Test
    void checksKeysAndValues() {
        assertThatThrownBy(() -> LabelSelector.parse("a=b c")).isInstanceOf(SelectorException.class);
        assertThatThrownBy(() -> LabelSelector.parse("-a=b"))
                .hasMessageStartingWith(
                        "unable to parse requirement: <nil>: Invalid value: \"-a\": name part must consist of alphanumeric characters");
    }

    @Test
    void readsAnObject() {
        var selector = LabelSelector.fromNode(
                Json.tree(
                        "{\"matchLabels\":{\"b\":\"1\"},\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"In\",\"values\":[\"y\",\"x\"]},{\"key\":\"c\",\"operator\":\"Exists\"}]}"));
        assertThat(selector).hasToString("a in (x,y),b=1,c");
        assertThat(LabelSelector.fromNode(null).matches(Map.of())).isFalse();
        assertThat(LabelSelector.fromNode(Json.tree("{}")).isEverything()).isTrue();
    }

    @Test
    void fieldSelectors() {
        FieldSelector selector = FieldSelector.parse("metadata.name=a\\,b,spec.x!=1");
        assertThat(selector.matches(f -> f.equals("metadata.name") ? "a,b" : null))
                .isTrue();
        assertThat(selector.requiredValue("metadata.name")).contains("a,b");
        assertThat(selector).hasToString("metadata.name=a\\,b,spec.x!=1");
        assertThatThrownBy(() -> FieldSelector.parse("a")).hasMessage("invalid selector: 'a'; can't understand 'a'");
        assertThatThrownBy(() -> FieldSelector.parse("a=b=c"))
                .hasMessage("invalid field selector: unescaped character in value: 61");
    }
}
