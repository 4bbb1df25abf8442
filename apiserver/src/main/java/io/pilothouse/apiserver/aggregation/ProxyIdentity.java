package io.pilothouse.apiserver.aggregation;

import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.http.Headers;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Tells servers behind this one who asks, which they believe because of the client certificate that this server shows. */
final class ProxyIdentity {
    private static final UserInfo SELF = UserInfo.of("system:kube-aggregator", UserInfo.SUPERUSERS);

    private ProxyIdentity() {}

    /** What this server asks in its own name. */
    static Headers self() {
        return set(new Headers(), SELF);
    }

    /** Takes away what a client says of this kind, and says who it is. */
    static Headers set(Headers headers, UserInfo user) {
        for (String name : headers.names()) {
            if (name.regionMatches(true, 0, "x-remote-", 0, "x-remote-".length())) {
                headers.remove(name);
            }
        }
        headers.set("X-Remote-User", user.name());
        if (!user.uid().isEmpty()) {
            headers.set("X-Remote-Uid", user.uid());
        }
        user.groups().forEach(g -> headers.add("X-Remote-Group", g));
        user.extra()
                .forEach((key, values) -> values.forEach(value -> headers.add(
                        "X-Remote-Extra-"
                                + URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20"),
                        value)));
        return headers;
    }
}
