package io.pilothouse.apiserver.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.apiserver.proxy.ProxyTarget.Name;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

final class ProxyTargetTest {
    @Test
    void readsNamesWithSchemesAndPorts() {
        assertThat(Name.parse("web")).contains(new Name("", "web", ""));
        assertThat(Name.parse("web:http")).contains(new Name("", "web", "http"));
        assertThat(Name.parse("https:web:")).contains(new Name("https", "web", ""));
        assertThat(Name.parse("ftp:web:1")).isEmpty();
        assertThat(Name.parse(":1")).isEmpty();
        assertThat(Name.parse("http:web:1:2")).isEmpty();
    }

    @Test
    void reachesNoAddressOfTheMachinesOwn() {
        for (String closed :
                new String[] {"127.0.0.1", "::1", "0.0.0.0", "169.254.1.1", "fe80::1", "224.0.0.1", "255.255.255.255"
                }) {
            assertThat(ProxyTargets.isGlobalUnicast(InetAddress.ofLiteral(closed)))
                    .as(closed)
                    .isFalse();
        }
        assertThat(ProxyTargets.isGlobalUnicast(InetAddress.ofLiteral("10.1.2.3")))
                .isTrue();
        assertThat(ProxyTargets.isGlobalUnicast(InetAddress.ofLiteral("fd00::1")))
                .isTrue();
    }

    @Test
    void joinsAndEscapesPathsAsGoDoes() {
        assertThat(UrlPath.joinKeepingSlash("", "/a//b/../c/")).isEqualTo("/a/c/");
        assertThat(UrlPath.joinKeepingSlash("", "/")).isEqualTo("/");
        assertThat(UrlPath.joinKeepingSlash("", "")).isEmpty();
        assertThat(UrlPath.clean("/../..")).isEqualTo("/");
        assertThat(UrlPath.escape("/a b!é:@")).isEqualTo("/a%20b%21%C3%A9:@");
        assertThat(ProxyTarget.plain("", "fd00::1", "80").authority()).isEqualTo("[fd00::1]:80");
        assertThat(ProxyTarget.plain("https", "h", "").portNumber()).isEqualTo(443);
    }
}
