package io.pilothouse.machinery.jsonpath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.codec.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPathTest {
    private static final JsonNode OBJECT = Json.tree(
            "{\"a\":{\"b\":1,\"x.y\":2,\"l\":[1,2,3,4],\"c\":[{\"type\":\"Ready\",\"status\":\"True\",\"n\":5},"
                    + "{\"type\":\"Other\",\"status\":\"False\"}]}}");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ".a.b|[1]",
                ".a['b']|[1]",
                ".a.x\\.y|[2]",
                ".a['x.y']|[2]",
                ".a.l[0]|[1]",
                ".a.l[-1]|[4]",
                ".a.l[1:3]|[2,3]",
                ".a.l[*]|[1,2,3,4]",
                ".a.l[0,2]|[1,3]",
                ".a.c[?(@.type==\"Ready\")].status|[\"True\"]",
                ".a.c[?(@.n>4)].type|[\"Ready\"]",
                ".a.c[?(@.n)].type|[\"Ready\"]",
                ".a.c[*].status|[\"True\",\"False\"]",
                "..status|[\"True\",\"False\"]",
                ".a.missing.b|[]",
                ".a.l[9]|[]"
            })
    void findsWhatItNames(String path, String found) {
        assertThat(Json.text(Json.valueOf(JsonPath.parse(path).find(OBJECT)))).isEqualTo(found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", ".a[", ".a[x]", ".a[?(@.b==x)]"})
    void refusesWhatIsNone(String path) {
        assertThatThrownBy(() -> JsonPath.parse(path)).isInstanceOf(JsonPathException.class);
    }

    @Test
    void aDotIsTheObject() {
        assertThat(JsonPath.parse(".").find(OBJECT)).containsExactly(OBJECT);
    }
}
