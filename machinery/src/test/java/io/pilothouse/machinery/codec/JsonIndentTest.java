package io.pilothouse.machinery.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonIndentTest {
    @Test
    void laysOutAsGoDoes() {
        String compact = "{\"a\":{},\"b\":[],\"c\":[1,{\"d\":\"x{\\\"},:\"}],\"e\":null}\n";
        assertThat(JsonIndent.of(compact.getBytes(StandardCharsets.UTF_8)))
                .asString()
                .isEqualTo("""
                {
                  "a": {},
                  "b": [],
                  "c": [
                    1,
                    {
                      "d": "x{\\"},:"
                    }
                  ],
                  "e": null
                }""");
    }
}
