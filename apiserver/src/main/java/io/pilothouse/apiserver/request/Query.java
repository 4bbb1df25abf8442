package io.pilothouse.apiserver.request;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameters of a query string, decoded, in order. Immutable. */
public final class Query {
    private final Map<String, List<String>> values;

    private Query(Map<String, List<String>> values) {
        this.values = values;
    }

    /** Parses a raw query; a pair that is not valid percent-encoding is left out, as Go's url.Query leaves it out. */
    public static Query parse(String raw) {
        var values = new LinkedHashMap<String, List<String>>();
        for (String pair : raw.split("&", -1)) {
            if (pair.isEmpty() || pair.indexOf(';') >= 0) {
                continue;
            }
            int at = pair.indexOf('=');
            try {
                String key = decode(at < 0 ? pair : pair.substring(0, at));
                values.computeIfAbsent(key, k -> new ArrayList<>(1)).add(at < 0 ? "" : decode(pair.substring(at + 1)));
            } catch (IllegalArgumentException malformed) {
                // Left out.
            }
        }
        return new Query(values);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** The first value of a key; empty where there is none. */
    public String first(String key) {
        var all = values.get(key);
        return all == null ? "" : all.getFirst();
    }

    public List<String> all(String key) {
        return values.getOrDefault(key, List.of());
    }
}
