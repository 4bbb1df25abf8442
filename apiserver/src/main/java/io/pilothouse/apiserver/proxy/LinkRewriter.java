package io.pilothouse.apiserver.proxy;

import io.pilothouse.machinery.gotext.GoUrl;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Makes links of a proxied server lead through the proxy.
 *
 * @param prefix of this server's path, before the part that is the other server's
 * @param target the other server's host and port
 * @param requested the Host that the client asked for
 */
record LinkRewriter(String prefix, String target, String requested) {
    /**
     * A link as the client must follow it; unchanged when it leads to another host, or from where it stands.
     *
     * @throws IllegalArgumentException with Go's message, for what is no URL
     */
    String rewrite(String link) {
        var url = GoUrl.parse(link);
        boolean elsewhere = !url.host().isEmpty()
                && !url.host().equals(target)
                && !url.host().equals(requested);
        if (elsewhere || !url.path().startsWith("/")) {
            return link;
        }
        String head = url.host().equals(requested) ? head(url) : "";
        // A plus is no space in a path.
        String path = URLDecoder.decode(url.path().replace("+", "%2B"), StandardCharsets.UTF_8);
        String tail = (url.query().isEmpty() ? "" : "?" + url.query())
                + (url.fragment().isEmpty() ? "" : "#" + url.fragment());
        if (path.startsWith(prefix)) {
            return head + url.path() + tail;
        }
        String joined = UrlPath.join(prefix, path);
        return head + UrlPath.escape(path.endsWith("/") ? joined + "/" : joined) + tail;
    }

    private static String head(GoUrl url) {
        String scheme = url.scheme().isEmpty() ? "" : url.scheme() + ":";
        String user = url.user().map(name -> name + "@").orElse("");
        return url.host().isEmpty() && user.isEmpty() ? scheme : scheme + "//" + user + url.host();
    }
}
