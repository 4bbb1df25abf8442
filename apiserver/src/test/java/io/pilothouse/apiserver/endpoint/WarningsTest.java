package io.pilothouse.apiserver.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WarningsTest {
    @Test
    void tellsATextOnce() {
        var warnings = new Warnings();
        warnings.add("say \"no\"");
        warnings.add("say \"no\"");
        assertThat(warnings.headerValues()).containsExactly("299 - \"say \\\"no\\\"\"");
    }

    @Test
    void cutsTextsOnceTheyAreTooLongTogether() {
        var warnings = new Warnings();
        for (char c = 'a'; c < 'f'; c++) {
            warnings.add(String.valueOf(c).repeat(1000));
        }
        assertThat(warnings.headerValues())
                .hasSize(5)
                .allSatisfy(value -> assertThat(value).hasSize(256 + 8));
        for (int i = 0; i < 100; i++) {
            warnings.add(i + "x".repeat(300));
        }
        assertThat(warnings.headerValues()).hasSize(16);
    }
}
