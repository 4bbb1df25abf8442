package io.pilothouse.apiserver.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HtmlLinksTest {
    private static final LinkRewriter LINKS =
            new LinkRewriter("/api/v1/namespaces/n/pods/p/proxy", "10.0.0.1:80", "server:6443");

    @Test
    void leadsLinksThroughTheProxyAndLeavesTextAlone() {
        assertThat(rewrite("<P>1 < 2</P><A HREF='/x?a=1&amp;b=2' id=\"o'\">l</A><!-- <a href=/c> --><br/>"))
                .isEqualTo("<p>1 < 2</P><a href=\"/api/v1/namespaces/n/pods/p/proxy/x?a=1&amp;b=2\" id=\"o&#39;\">l</A>"
                        + "<!-- <a href=/c> --><br/>");
        assertThat(rewrite("<script src=/s.js>var t = \"<a href=/y>\";</script><title><a href=/z></title>"))
                .isEqualTo("<script src=\"/api/v1/namespaces/n/pods/p/proxy/s.js\">var t = \"<a href=/y>\";</script>"
                        + "<title><a href=/z></title>");
    }

    @Test
    void keepsWhatIsNoLinkOrCannotBeRead() {
        assertThat(rewrite("<a title='/x &copy; &#233;' href='mailto:me@x'>"))
                .isEqualTo("<a title=\"/x &copy; &#233;\" href=\"mailto:me@x\">");
        assertThat(rewrite("<a href='%zz'>x")).isEqualTo("<a href=\"%zz\">x");
        assertThat(rewrite("x <a href='/cut")).isEqualTo("x <a href='/cut");
    }

    @Test
    void rewritesLinksOfTheSameHostOnly() {
        assertThat(LINKS.rewrite("http://10.0.0.1:80/a/")).isEqualTo("/api/v1/namespaces/n/pods/p/proxy/a/");
        assertThat(LINKS.rewrite("https://server:6443/a?b#c"))
                .isEqualTo("https://server:6443/api/v1/namespaces/n/pods/p/proxy/a?b#c");
        assertThat(LINKS.rewrite("http://elsewhere/a")).isEqualTo("http://elsewhere/a");
        assertThat(LINKS.rewrite("a/b")).isEqualTo("a/b");
        assertThat(LINKS.rewrite("/api/v1/namespaces/n/pods/p/proxy/done%20"))
                .isEqualTo("/api/v1/namespaces/n/pods/p/proxy/done%20");
        assertThat(LINKS.rewrite("/a%20b+c")).isEqualTo("/api/v1/namespaces/n/pods/p/proxy/a%20b+c");
    }

    private static String rewrite(String page) {
        return HtmlLinks.rewrite(page, LINKS::rewrite);
    }
}
