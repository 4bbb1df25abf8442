package io.pilothouse.apiserver.negotiation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A media range of an Accept header, read the way that upstream's library reads it: case counts, quotes stay, and what is
 * malformed is passed over.
 *
 * @param quality 0 to 1; 0 too for what is no number
 */
public record MediaType(String type, String subtype, Map<String, String> parameters, double quality) {

    /** The ranges of an Accept header, those to be tried first in front. */
    public static List<MediaType> accepted(String header) {
        var ranges = new ArrayList<MediaType>();
        for (String part : header.split(",", -1)) {
            var range = parse(part.strip());
            if (range != null) {
                ranges.add(range);
            }
        }
        sort(ranges);
        return ranges;
    }

    /** Upstream's order is no total order, so that its way of sorting is part of the result. */
    private static void sort(List<MediaType> ranges) {
        for (int i = 1; i < ranges.size(); i++) {
            for (int j = i; j > 0 && ranges.get(j).before(ranges.get(j - 1)); j--) {
                var moved = ranges.get(j);
                ranges.set(j, ranges.get(j - 1));
                ranges.set(j - 1, moved);
            }
        }
    }

    private boolean before(MediaType other) {
        return quality > other.quality
                || (!type.equals("*") && other.type.equals("*"))
                || (!subtype.equals("*") && other.subtype.equals("*"));
    }

    private static @org.jspecify.annotations.Nullable MediaType parse(String text) {
        var pieces = text.split(";", -1);
        var names = pieces[0].split("/", -1);
        String type = names[0].strip();
        String subtype;
        if (names.length == 1) {
            if (!type.equals("*")) {
                return null;
            }
            subtype = "*";
        } else if (names.length == 2) {
            subtype = names[1].strip();
        } else {
            return null;
        }
        var parameters = new HashMap<String, String>();
        double quality = 1;
        for (int i = 1; i < pieces.length; i++) {
            var pair = pieces[i].split("=", -1);
            if (pair.length != 2 || pair[1].isEmpty()) {
                continue;
            }
            String key = pair[0].strip();
            if (key.equals("q")) {
                quality = qualityOf(pair[1]);
            } else {
                parameters.put(key, pair[1].strip());
            }
        }
        return new MediaType(type, subtype, Map.copyOf(parameters), quality);
    }

    private static double qualityOf(String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    boolean covers(Format format) {
        if (type.equals("*")) {
            return subtype.equals("*");
        }
        String name = format.mediaType();
        int slash = name.indexOf('/');
        return type.equals(name.substring(0, slash))
                && (subtype.equals("*") || subtype.equals(name.substring(slash + 1)));
    }
}
