package io.pilothouse.apiserver.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.machinery.codec.Json;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class GnosticEncoderTest {
    private static String hex(String document, int version) {
        return HexFormat.of().formatHex(GnosticEncoder.encode(Json.tree(document), version));
    }

    @Test
    void writesFieldsByNumberAndEntriesInOrder() {
        // swagger (1) "2.0"; definitions (9) { entry (1) { name (1) "a", value (2) { type (22) { "object" } } }, entry
        // { "b", {} } }
        assertThat(hex("{\"definitions\":{\"a\":{\"type\":\"object\"},\"b\":{}},\"swagger\":\"2.0\"}", 2))
                .isEqualTo("0a03322e304a190a100a016112 0bb201080a066f626a656374 0a050a01621200".replace(" ", ""));
    }

    @Test
    void writesExtensionsAsYaml() {
        // vendor_extension (16) { name "x-a", value { yaml (2) "- 1\n" } }
        assertThat(hex("{\"x-a\":[1]}", 2)).isEqualTo("82010d" + "0a03782d61" + "1206" + "12042d20310a");
    }

    @Test
    void choosesReferencesByTheirField() {
        // components (5) { schemas (1) { entry (1) { "a", value (2) { reference (2) { _ref (1) "r" } } } } }
        assertThat(hex("{\"components\":{\"schemas\":{\"a\":{\"$ref\":\"r\"}}}}", 3))
                .isEqualTo("2a0e0a0c0a0a0a016112051203" + "0a0172");
    }

    @Test
    void zeroDefaultsAreWritten() {
        // a schema's default (33) of false: the choice is there although its value is zero
        assertThat(hex("{\"components\":{\"schemas\":{\"a\":{\"default\":false}}}}", 3))
                .contains("8a02021000");
    }
}
