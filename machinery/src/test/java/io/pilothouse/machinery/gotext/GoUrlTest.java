package io.pilothouse.machinery.gotext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class GoUrlTest {
    @Test
    void takesApart() {
        assertThat(GoUrl.parse("https://u:p@host:8443/a/b?c=d#e"))
                .isEqualTo(new GoUrl("https", Optional.of("u:p"), "host:8443", "/a/b", "c=d", "e"));
        assertThat(GoUrl.parse("foo/bar")).isEqualTo(new GoUrl("", Optional.empty(), "", "foo/bar", "", ""));
        assertThat(GoUrl.parse("https://[::1]:80/").host()).isEqualTo("[::1]:80");
    }

    @Test
    void refusesWithTheWordsOfGo() {
        assertThatThrownBy(() -> GoUrl.parse("://x")).hasMessage("parse \"://x\": missing protocol scheme");
        assertThatThrownBy(() -> GoUrl.parse("https://h:x/"))
                .hasMessage("parse \"https://h:x/\": invalid port \":x\" after host");
        assertThatThrownBy(() -> GoUrl.parse("https://h/%zz"))
                .hasMessage("parse \"https://h/%zz\": invalid URL escape \"%zz\"");
    }
}
