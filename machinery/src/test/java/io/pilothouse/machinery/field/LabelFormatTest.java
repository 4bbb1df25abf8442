package io.pilothouse.machinery.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is matched by hand is what the told patterns match. */
class LabelFormatTest {
    private static final String ALPHABET = "az09AZ-_.`{/:@[ \u00e9";
    private static final int LONGEST = 4;
    private static final Pattern TOLD = Pattern.compile("regex used for validation is '(.*)'\\)");

    private static void sameAsTold(Function<String, List<String>> format, String wrong) {
        var told = TOLD.matcher(String.join(" ", format.apply(wrong)));
        assertThat(told.find()).isTrue();
        compare(format, Pattern.compile(told.group(1)), "");
    }

    private static void compare(Function<String, List<String>> format, Pattern pattern, String text) {
        assertThat(format.apply(text).isEmpty())
                .as(text)
                .isEqualTo(pattern.matcher(text).matches());
        if (text.length() < LONGEST) {
            ALPHABET.chars().forEach(c -> compare(format, pattern, text + (char) c));
        }
    }

    @Test
    void matchesAsThePatternsSay() {
        sameAsTold(LabelFormat::value, "-");
        sameAsTold(LabelFormat::subdomain, "-");
        sameAsTold(LabelFormat::label, "-");
        sameAsTold(LabelFormat::label1035, "-");
        sameAsTold(key -> key.indexOf('/') < 0 ? LabelFormat.key(key) : List.of("has a prefix"), "-");
    }

    @Test
    void tellsOfALongNameThatItIsLong() {
        assertThat(LabelFormat.subdomain("a.".repeat(3_000) + "a"))
                .containsExactly("must be no more than 253 characters");
        assertThat(LabelFormat.subdomain("a".repeat(3_000) + "-")).hasSize(2);
    }
}
