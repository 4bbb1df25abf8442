package io.pilothouse.machinery.quantity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "0.0Ki,0",
        "100m,100m",
        "1000m,1",
        "0.1,100m",
        "1e-1,100e-3",
        "1000000000,1G",
        "0.2501234,250123400n",
        "1024Mi,1Gi",
        "1025Ki,1025Ki",
        "1.5Gi,1536Mi",
        "0.5Ki,512",
        "1e3,1e3",
        "12E6,12E6",
        "1.1,1100m",
        "-100m,-100m",
        "500000m,500",
        "1.500,1.500",
        "0.0000000001,1n",
        "1Ki,1Ki",
        "8Ki,8Ki",
        "1024,1024",
        "2000k,2M",
        "+5,+5",
        "1E,1E",
        "0.3Mi,314572800m",
        "100Ei,9223372036854775807",
        "1.,1.",
        "3.14159265358979,3141592654n"
    })
    void printsTheCanonicalForm(String text, String canonical) {
        assertThat(Quantity.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.2.3", "abc", "1x", "1 ", " 1", "1Kii", "--1", "1e", "e3x"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void calculates() {
        assertThat(Quantity.parse("1Gi").add(Quantity.parse("512Mi"))).hasToString("1536Mi");
        assertThat(Quantity.parse("1").subtract(Quantity.parse("300m"))).hasToString("700m");
        assertThat(Quantity.parse("0").add(Quantity.parse("1Gi"))).hasToString("1Gi");
        assertThat(Quantity.parse("1Gi")).isGreaterThan(Quantity.parse("1G"));
        assertThat(Quantity.parse("1500m").toMilli()).isEqualTo(1500);
        assertThat(Quantity.parse("1500m").toLong()).isEqualTo(2);
        assertThat(Quantity.parse("0.2501234").roundUp(3)).hasToString("251m");
    }
}
