package io.pilothouse.machinery.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Functions of URLs: absolute ones, or paths. */
final class CelUrls {
    private static final CelType URL = OpaqueType.create("kubernetes.URL");

    private CelUrls() {}

    static void add(CelLibrary library) {
        List<CelType> text = List.of(SimpleType.STRING);
        library.global("url", "string_to_url", URL, args -> parse((String) args[0]), text, String.class);
        library.global("isURL", "is_url_string", SimpleType.BOOL, args -> isUrl((String) args[0]), text, String.class);
        part(library, "getScheme", "url_get_scheme", URI::getScheme);
        part(library, "getHost", "url_get_host", CelUrls::host);
        part(library, "getHostname", "url_get_hostname", CelUrls::hostname);
        part(library, "getPort", "url_get_port", url -> url.getPort() < 0 ? "" : Integer.toString(url.getPort()));
        part(library, "getEscapedPath", "url_get_escaped_path", URI::getRawPath);
        library.member(
                "getQuery",
                "url_get_query",
                MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING)),
                args -> query((URI) args[0]),
                List.of(URL),
                URI.class);
    }

    private static void part(CelLibrary library, String name, String id, Function<URI, String> reader) {
        library.member(
                name,
                id,
                SimpleType.STRING,
                args -> {
                    String value = reader.apply((URI) args[0]);
                    return value == null ? "" : value;
                },
                List.of(URL),
                URI.class);
    }

    private static URI parse(String text) {
        try {
            URI url = new URI(text);
            if (!text.startsWith("/") && url.getScheme() == null) {
                throw new IllegalArgumentException("URL parse error during conversion from string: parse \"" + text
                        + "\": invalid URI for request");
            }
            return url;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "URL parse error during conversion from string: parse \"" + text + "\": " + e.getReason(), e);
        }
    }

    private static boolean isUrl(String text) {
        try {
            parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The host with its port, without who logs in. */
    private static String host(URI url) {
        String authority = url.getRawAuthority();
        return authority == null ? "" : authority.substring(authority.lastIndexOf('@') + 1);
    }

    private static String hostname(URI url) {
        String host = host(url);
        if (host.startsWith("[")) {
            return host.substring(1, Math.max(1, host.indexOf(']')));
        }
        int colon = host.lastIndexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }

    private static Map<String, List<String>> query(URI url) {
        Map<String, List<String>> out = new LinkedHashMap<>();
        String query = url.getRawQuery();
        for (String pair : query == null ? new String[0] : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                int at = pair.indexOf('=');
                String key = URLDecoder.decode(at < 0 ? pair : pair.substring(0, at), StandardCharsets.UTF_8);
                String value = at < 0 ? "" : URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8);
                out.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
            }
        }
        return out;
    }
}
