package io.pilothouse.apiserver.audit;

import io.pilothouse.http.Exchange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Where a request comes from: what the proxies say, first one first, then the peer itself. */
final class SourceAddresses {
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]+");

    private SourceAddresses() {}

    static Set<String> of(Exchange exchange) {
        var out = new LinkedHashSet<String>();
        List<String> forwarded = new ArrayList<>(exchange.headers().tokens("x-forwarded-for"));
        if (forwarded.isEmpty()) {
            exchange.headers().first("x-real-ip").ifPresent(forwarded::add);
        }
        forwarded.stream().filter(a -> ADDRESS.matcher(a).matches()).forEach(out::add);
        var peer = exchange.remoteAddress().getAddress();
        if (peer != null) {
            out.add(peer.getHostAddress());
        }
        return out;
    }
}
