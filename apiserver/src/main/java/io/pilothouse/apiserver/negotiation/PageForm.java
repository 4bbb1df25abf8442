package io.pilothouse.apiserver.negotiation;

import io.pilothouse.machinery.status.StatusException;
import java.util.List;
import java.util.Optional;

/**
 * The form of a page for people that is also to be had as an object, which must be asked for by its kind.
 *
 * @param format of the object; empty for text
 * @param version of the object's kind; empty for text
 */
public record PageForm(Optional<Format> format, String version) {
    private static final PageForm TEXT = new PageForm(Optional.empty(), "");
    private static final List<String> TYPES = List.of("application/json", "application/yaml", "text/plain");

    /**
     * Chooses a form.
     *
     * @param accept the Accept header; empty for none
     * @param versions of the kind
     * @throws StatusException 406 if nothing fits
     */
    public static PageForm negotiate(String accept, String group, String kind, List<String> versions) {
        if (accept.isBlank()) {
            return TEXT;
        }
        for (var range : MediaType.accepted(accept)) {
            var asked = range.parameters();
            boolean object = asked.containsKey("as") || asked.containsKey("g") || asked.containsKey("v");
            String version = asked.getOrDefault("v", "");
            boolean known = kind.equals(asked.get("as")) && group.equals(asked.get("g")) && versions.contains(version);
            for (var format : List.of(Format.JSON, Format.YAML)) {
                if (known && range.covers(format)) {
                    return new PageForm(Optional.of(format), version);
                }
            }
            if (!object && coversText(range)) {
                return TEXT;
            }
        }
        throw StatusException.notAcceptable(TYPES);
    }

    private static boolean coversText(MediaType range) {
        return range.type().equals("*")
                ? range.subtype().equals("*")
                : range.type().equals("text")
                        && (range.subtype().equals("*") || range.subtype().equals("plain"));
    }
}
