package io.pilothouse.machinery.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpFormatTest {
    private static final FieldPath PATH = FieldPath.of("spec", "ip");

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1",
        "010.0.0.1, 10.0.0.1",
        "::ffff:10.0.0.1, 10.0.0.1",
        "2001:db8:0:0:0::1, 2001:db8::1",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "1:0:2:0:3:0:4:0, 1:0:2:0:3:0:4:0",
        "64:ff9b::1.2.3.4, 64:ff9b::102:304",
        "2001:DB8::A, 2001:db8::a"
    })
    void readsLenientlyAndWritesCanonically(String text, String canonical) {
        assertThat(IpAddress.parse(text)).map(IpAddress::toString).hasValue(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "banana",
                "10.0.0",
                "10.0.0.256",
                "1:2:3:4:5:6:7",
                "1::2::3",
                "1:2:3:4:5:6:7:8:9",
                ":1",
                "fe80::1%eth0",
                "10.0.0.0/8",
                "1:2:3:4:5:6:7::8"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
    }

    @Test
    void strictReadersTakeNoLeadingZerosAndNoMappedAddresses() {
        assertThat(IpFormat.strictIp("010.0.0.1")).containsExactly("must not have leading 0s");
        assertThat(IpFormat.strictIp("::ffff:1.2.3.4")).containsExactly("must not be an IPv4-mapped IPv6 address");
        assertThat(IpFormat.strictIp("2001:db8:0::1")).isEmpty();
        assertThat(IpFormat.ip("2001:db8:0::1")).containsExactly("must be in canonical form (\"2001:db8::1\")");
    }

    @Test
    void rangesHaveNoBitsBeyondThePrefix() {
        assertThat(IpFormat.cidr("10.98.0.1/24")).containsExactly("must not have bits set beyond the prefix length");
        assertThat(IpFormat.cidr("10.98.0.0/024")).containsExactly("must not have leading 0s in IP or prefix length");
        assertThat(IpFormat.cidr("10.98.0.0/33")).singleElement().asString().startsWith("must be a valid CIDR value");
        assertThat(IpFormat.cidr("fd00:0010:97::/112"))
                .containsExactly("must be in canonical form (\"fd00:10:97::/112\")");
        assertThat(IpFormat.cidr("fd00:10:97::/112")).isEmpty();
    }

    @Test
    void addressesOfInterfacesKeepTheirBits() {
        assertThat(IpFormat.interfaceAddress("10.9.8.7/24")).isEmpty();
        assertThat(IpFormat.interfaceAddress("2001:db8::1/64")).isEmpty();
        assertThat(IpFormat.interfaceAddress("10.9.8.7"))
                .containsExactly("must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)");
        assertThat(IpFormat.interfaceAddress("10.9.8.07/24"))
                .containsExactly("must be in canonical form (\"10.9.8.7/24\")");
        assertThat(IpFormat.interfaceAddress("::ffff:192.168.0.1/120"))
                .containsExactly("must be in canonical form (\"192.168.0.1/24\")");
    }

    @Test
    void warnsOfWhatReadersDisagreeOn() {
        assertThat(IpFormat.ipWarnings(PATH, "192.012.2.2"))
                .containsExactly("spec.ip: non-standard IP address \"192.012.2.2\" is invalid: use \"192.12.2.2\"");
        assertThat(IpFormat.ipWarnings(PATH, "2001:db8:0:0::2"))
                .containsExactly(
                        "spec.ip: IPv6 address \"2001:db8:0:0::2\" should be in RFC 5952 canonical format (\"2001:db8::2\")");
        assertThat(IpFormat.cidrWarnings(PATH, "2001:db8:1:0::/64"))
                .containsExactly("spec.ip: IPv6 CIDR value \"2001:db8:1:0::/64\" should be in RFC 5952 canonical format"
                        + " (\"2001:db8:1::/64\")");
        assertThat(IpFormat.cidrWarnings(PATH, "10.1.2.3/8"))
                .containsExactly("spec.ip: CIDR value \"10.1.2.3/8\" is ambiguous in this context (should be"
                        + " \"10.0.0.0/8\" or \"10.1.2.3/32\"?)");
    }

    @Test
    void rangesKnowTheirEnds() {
        var range = Cidr.parse("10.96.0.0/16").orElseThrow();
        assertThat(range.contains(IpAddress.parse("10.96.255.255").orElseThrow()))
                .isTrue();
        assertThat(range.contains(IpAddress.parse("10.97.0.0").orElseThrow())).isFalse();
        assertThat(range.overlaps(Cidr.parse("10.0.0.0/8").orElseThrow())).isTrue();
        assertThat(range.contains(Cidr.parse("10.0.0.0/8").orElseThrow())).isFalse();
        assertThat(Cidr.parse("::ffff:10.96.0.0/112").orElseThrow()).hasToString("10.96.0.0/16");
    }

    @Test
    void takesAddressesOfBothFamilies() {
        for (String good : List.of("10.0.0.1", "::1", "2001:db8::ffff", "fe80:0:0:0:1:2:3:4", "64:ff9b::10.1.2.3")) {
            assertThat(IpFormat.strictIp(good)).as(good).isEmpty();
        }
    }

    @Test
    void refusesWhatIsNone() {
        for (String bad :
                List.of("", "10.0.0", "10.0.0.256", "1.2.3.4.5", ":::", "1:2", "fe80::1%eth0", "12345::", "::1::")) {
            assertThat(IpFormat.strictIp(bad))
                    .as(bad)
                    .containsExactly("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
    }

    @Test
    void warnsOfWhatIsNotWrittenWell() {
        var path = FieldPath.of("spec", "ip");
        assertThat(IpFormat.ipWarnings(path, "10.0.0.1")).isEmpty();
        assertThat(IpFormat.ipWarnings(path, "2001:db8::1")).isEmpty();
        assertThat(IpFormat.ipWarnings(path, "2001:DB8:0:0::1"))
                .containsExactly(
                        "spec.ip: IPv6 address \"2001:DB8:0:0::1\" should be in RFC 5952 canonical format (\"2001:db8::1\")");
        assertThat(IpFormat.ipWarnings(path, "010.0.0.1"))
                .containsExactly("spec.ip: non-standard IP address \"010.0.0.1\" is invalid: use \"10.0.0.1\"");
        assertThat(IpFormat.ipWarnings(path, "::ffff:1.2.3.4"))
                .containsExactly("spec.ip: non-standard IP address \"::ffff:1.2.3.4\" is invalid: use \"1.2.3.4\"");
    }

    @Test
    void knowsBothFamilies() {
        assertThat(IpFormat.isDualStack(List.of("10.0.0.1", "::1"))).isTrue();
        assertThat(IpFormat.isDualStack(List.of("10.0.0.1", "10.0.0.2"))).isFalse();
    }
}
