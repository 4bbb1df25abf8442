package io.pilothouse.apiserver.negotiation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A media type or range of an Accept header.
 *
 * @param quality 0 to 1
 */
record MediaType(String type, String subtype, Map<String, String> parameters, double quality) {

    /** The ranges of an Accept header, best first; ranges of equal quality keep the header's order. */
    static List<MediaType> accepted(List<String> headers) {
        var out = new ArrayList<MediaType>();
        for (String header : headers) {
            for (String part : header.split(",", -1)) {
                if (!part.isBlank()) {
                    out.add(parse(part));
                }
            }
        }
        out.sort((a, b) -> Double.compare(b.quality(), a.quality()));
        return out;
    }

    static MediaType parse(String text) {
        var pieces = text.split(";", -1);
        String full = pieces[0].trim().toLowerCase(Locale.ROOT);
        int slash = full.indexOf('/');
        String type = slash < 0 ? full : full.substring(0, slash);
        String subtype = slash < 0 ? (full.equals("*") ? "*" : "") : full.substring(slash + 1);
        var parameters = new HashMap<String, String>();
        double quality = 1;
        for (int i = 1; i < pieces.length; i++) {
            int at = pieces[i].indexOf('=');
            if (at < 0) {
                continue;
            }
            String key = pieces[i].substring(0, at).trim().toLowerCase(Locale.ROOT);
            String value = pieces[i].substring(at + 1).trim();
            if (key.equals("q")) {
                quality = qualityOf(value);
            } else {
                parameters.put(
                        key,
                        value.startsWith("\"") && value.endsWith("\"") && value.length() > 1
                                ? value.substring(1, value.length() - 1)
                                : value);
            }
        }
        return new MediaType(type, subtype, Map.copyOf(parameters), quality);
    }

    private static double qualityOf(String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    String name() {
        return type + "/" + subtype;
    }
}
