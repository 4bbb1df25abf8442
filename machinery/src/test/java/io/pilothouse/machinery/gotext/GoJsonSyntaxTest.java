package io.pilothouse.machinery.gotext;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoJsonSyntaxTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "not json|invalid character 'o' in literal null (expecting 'u')",
                "banana|invalid character 'b' looking for beginning of value",
                "{\"a\":1|unexpected end of JSON input",
                "{a:1}|invalid character 'a' looking for beginning of object key string",
                "{\"a\" 1}|invalid character '1' after object key",
                "{\"a\":1 \"b\"}|invalid character '\"' after object key:value pair",
                "[1 2]|invalid character '2' after array element",
                "[1,]|invalid character ']' looking for beginning of value",
                "{\"a\":1,}|invalid character '}' looking for beginning of object key string",
                "01|invalid character '1' after top-level value",
                "-|unexpected end of JSON input",
                "1.x|invalid character 'x' after decimal point in numeric literal"
            })
    void saysWhatGoSays(String text, String mistake) {
        assertThat(GoJsonSyntax.mistake(text.getBytes(StandardCharsets.UTF_8))).hasValue(mistake);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", " {\"a\": [1, -2.5e+3, true, null, {\"b\": \"\\u00e9\"}]} ", "[]", "0", "\"x\"", "[[],{}]"
            })
    void takesWhatIsValid(String text) {
        assertThat(GoJsonSyntax.mistake(text.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void endsAtAGreatDepth() {
        assertThat(GoJsonSyntax.mistake("[".repeat(20_000).getBytes(StandardCharsets.UTF_8)))
                .hasValue("invalid character '[' exceeded max depth");
    }
}
