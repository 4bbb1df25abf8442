package io.pilothouse.machinery.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AddressFormatTest {
    private static final String NONE = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

    @Test
    void takesAddressesOfBothFamilies() {
        for (String good : List.of("10.0.0.1", "::1", "2001:db8::ffff", "fe80:0:0:0:1:2:3:4", "64:ff9b::10.1.2.3")) {
            assertThat(AddressFormat.ip(good)).as(good).isEmpty();
        }
    }

    @Test
    void refusesWhatIsNone() {
        for (String bad :
                List.of("", "10.0.0", "10.0.0.256", "1.2.3.4.5", ":::", "1:2", "fe80::1%eth0", "12345::", "::1::")) {
            assertThat(AddressFormat.ip(bad)).as(bad).containsExactly(NONE);
        }
    }

    @Test
    void tellsWhatOnlyOldFieldsMayHold() {
        assertThat(AddressFormat.ip("010.0.0.1")).containsExactly("must not have leading 0s");
        assertThat(AddressFormat.ip("::ffff:1.2.3.4")).containsExactly("must not be an IPv4-mapped IPv6 address");
    }

    @Test
    void warnsOfWhatIsNotWrittenWell() {
        var path = FieldPath.of("spec", "ip");
        assertThat(AddressFormat.warnings(path, "10.0.0.1")).isEmpty();
        assertThat(AddressFormat.warnings(path, "2001:db8::1")).isEmpty();
        assertThat(AddressFormat.warnings(path, "2001:DB8:0:0::1"))
                .containsExactly(
                        "spec.ip: IPv6 address \"2001:DB8:0:0::1\" should be in RFC 5952 canonical format (\"2001:db8::1\")");
        assertThat(AddressFormat.warnings(path, "010.0.0.1"))
                .containsExactly("spec.ip: non-standard IP address \"010.0.0.1\" is invalid: use \"10.0.0.1\"");
        assertThat(AddressFormat.warnings(path, "::ffff:1.2.3.4"))
                .containsExactly("spec.ip: non-standard IP address \"::ffff:1.2.3.4\" is invalid: use \"1.2.3.4\"");
    }

    @Test
    void shortensTheLongestRunOfZeros() {
        assertThat(AddressFormat.print(AddressFormat.parse("1:0:0:2:0:0:0:3").orElseThrow()))
                .isEqualTo("1:0:0:2::3");
        assertThat(AddressFormat.print(AddressFormat.parse("1:0:2:0:3:0:4:0").orElseThrow()))
                .isEqualTo("1:0:2:0:3:0:4:0");
        assertThat(AddressFormat.print(AddressFormat.parse("::").orElseThrow())).isEqualTo("::");
    }

    @Test
    void knowsBothFamilies() {
        assertThat(AddressFormat.isDualStack(List.of("10.0.0.1", "::1"))).isTrue();
        assertThat(AddressFormat.isDualStack(List.of("10.0.0.1", "10.0.0.2"))).isFalse();
    }
}
