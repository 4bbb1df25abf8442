package io.pilothouse.http;

import io.netty.handler.ssl.SslContext;
import io.netty.util.Mapping;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A server's identities, ready for use: which one is shown depends on the name that a client asks for. */
final class TlsIdentities implements Mapping<String, SslContext> {
    private final SslContext usual;
    private final Map<String, SslContext> named;

    private TlsIdentities(SslContext usual, Map<String, SslContext> named) {
        this.usual = usual;
        this.named = Map.copyOf(named);
    }

    static TlsIdentities of(TlsConfig config) throws IOException {
        Map<String, SslContext> named = new HashMap<>();
        for (var identity : config.named()) {
            SslContext context = TlsContexts.server(config.as(identity));
            identity.names().forEach(name -> named.putIfAbsent(name, context));
        }
        return new TlsIdentities(TlsContexts.server(config), named);
    }

    /** Whether the name matters. */
    boolean differ() {
        return !named.isEmpty();
    }

    SslContext usual() {
        return usual;
    }

    @Override
    public SslContext map(@Nullable String asked) {
        if (asked == null) {
            return usual;
        }
        String host = asked.toLowerCase(Locale.ROOT);
        SslContext exact = named.get(host);
        if (exact != null) {
            return exact;
        }
        int dot = host.indexOf('.');
        return dot < 0 ? usual : named.getOrDefault("*" + host.substring(dot), usual);
    }
}
