package io.pilothouse.machinery.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTest {
    private static String json(String yaml) {
        return Json.text(Yaml.parse(yaml.getBytes(UTF_8)).root());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "y|true",
                "No|false",
                "0644|420",
                "0x10|16",
                "1_000|1000",
                "1.5|1.5",
                "1e3|1000",
                "~|null",
                "2020-01-01|\"2020-01-01\"",
                "'5'|\"5\"",
                "\"on\"|\"on\"",
                "abc|\"abc\"",
                "!!str 5|\"5\"",
                "1:30|\"1:30\"",
                "18446744073709551616|18446744073709552000",
                "-5|-5",
                "08|8"
            })
    void resolvesScalars(String yaml, String json) {
        assertThat(json(yaml)).isEqualTo(json);
    }

    @Test
    void readsTheFirstDocument() {
        assertThat(json("a: 1\n---\nb: 2\n")).isEqualTo("{\"a\":1}");
        assertThat(json("")).isEqualTo("null");
        assertThat(json("base: &b {x: 1, y: 2}\nd: {<<: *b, x: 3}\n"))
                .isEqualTo("{\"base\":{\"x\":1,\"true\":2},\"d\":{\"x\":3,\"true\":2}}");
    }

    @Test
    void reportsDuplicates() {
        assertThat(Yaml.parse("m:\n  a: 1\n  a: 2\n".getBytes(UTF_8)).strictErrors())
                .containsExactly("line 3: key \"a\" already set in map");
        assertThat(Json.parse("{\"m\":[{\"a\":1,\"a\":2}]}".getBytes(UTF_8)).strictErrors())
                .containsExactly("duplicate field \"m[0].a\"");
    }

    @Test
    void boundsBombs() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 9; i++) {
            bomb.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ",").repeat(10) + "]\n");
        }
        assertThatThrownBy(() -> json(bomb.toString())).isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> json("a: &a [*a]"))
                .isInstanceOf(DecodeException.class)
                .hasMessage("yaml: anchor 'a' value contains itself");
        assertThatThrownBy(() -> Json.tree("[".repeat(500))).isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> json("a: [")).isInstanceOf(DecodeException.class);
    }

    @Test
    void writesWhatItReads() {
        String json =
                "{\"a\":\"y\",\"b\":\"0644\",\"c\":[1,2.5,null,true],\"d\":{},\"e\":\"x\\ny\\n\",\"f\":\".5\",\"g\":\"- x\",\"h\":\"\",\"i\":\"a: b\",\"j\":[],\"k\":\"#c\",\"l\":\" x \"}";
        String yaml = new String(Yaml.write(Json.tree(json)), UTF_8);
        assertThat(json(yaml)).isEqualTo(json);
        assertThat(yaml).startsWith("a: \"y\"\n");
    }

    @Test
    void writesNumbersAsGoDoes() {
        assertThat(Json.text(Json.tree("[1.0,1e3,1e21,1.5e-7,123456789012345678901,-0.5]")))
                .isEqualTo("[1,1000,1e+21,1.5e-7,123456789012345680000,-0.5]");
        assertThatThrownBy(() -> Json.tree("{} x")).isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> Json.tree("")).hasMessage("unexpected end of JSON input");
    }
}
