package io.pilothouse.apiserver.negotiation;

import io.pilothouse.machinery.status.StatusException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The form of an answer, as negotiated with the Accept header.
 *
 * @param as Table, PartialObjectMetadata, PartialObjectMetadataList, or empty for the object itself
 * @param version of the form's kind: v1 or v1beta1; empty for the object itself
 * @param pretty whether JSON is indented for people
 */
public record Output(Format format, String as, String version, boolean pretty) {

    /** The content-type of the answer. */
    public String contentType() {
        return format.mediaType();
    }

    public boolean table() {
        return as.equals("Table");
    }

    public boolean partial() {
        return as.equals("PartialObjectMetadata");
    }

    public boolean partialList() {
        return as.equals("PartialObjectMetadataList");
    }

    /** Whether objects are shown as they are. */
    public boolean whole() {
        return as.isEmpty();
    }

    /** The same form with no transformation. */
    public Output asWhole() {
        return whole() ? this : new Output(format, "", "", pretty);
    }

    /**
     * Chooses a form.
     *
     * @param accept the first Accept header; empty for none
     * @param pretty whether the client is taken for a person
     * @throws StatusException 406 if nothing fits
     */
    public static Output negotiate(String accept, Offer offer, boolean pretty) {
        offer.requireRoute(accept);
        var chosen = choose(accept, offer, pretty);
        if (chosen == null) {
            throw Offer.refusal();
        }
        return chosen;
    }

    /** The form of a Status: an error is told in indented JSON to those who take none of the forms that there are. */
    public static Output ofStatus(String accept, boolean pretty) {
        var chosen = choose(accept, Offer.STATUS, pretty);
        return chosen == null ? new Output(Format.JSON, "", "", true) : chosen;
    }

    private static @Nullable Output choose(String accept, Offer offer, boolean pretty) {
        if (accept.isEmpty()) {
            return new Output(Format.JSON, "", "", pretty);
        }
        for (var range : MediaType.accepted(accept)) {
            for (var format : Format.values()) {
                if (range.covers(format)) {
                    var chosen = match(range.parameters(), format, offer, pretty);
                    if (chosen != null) {
                        return chosen;
                    }
                }
            }
        }
        return null;
    }

    private static @Nullable Output match(Map<String, String> asked, Format format, Offer offer, boolean pretty) {
        boolean indented = pretty || "1".equals(asked.get("pretty"));
        String stream = asked.getOrDefault("stream", "");
        if (!stream.isEmpty() && (format == Format.YAML || !stream.equals("watch"))) {
            return null;
        }
        String serverVersion = asked.getOrDefault("sv", "");
        if (!serverVersion.isEmpty() && !(offer.transforms() && serverVersion.equals("v1"))) {
            return null;
        }
        if (!asked.containsKey("as") && !asked.containsKey("g") && !asked.containsKey("v")) {
            return format == Format.PROTOBUF && !offer.protobuf() ? null : new Output(format, "", "", indented);
        }
        String version = asked.getOrDefault("v", "");
        if (!offer.transforms()
                || !"meta.k8s.io".equals(asked.get("g"))
                || !(version.equals("v1") || version.equals("v1beta1"))) {
            return null;
        }
        String as = asked.getOrDefault("as", "");
        boolean known = switch (as) {
            case "Table" -> format != Format.PROTOBUF;
            case "PartialObjectMetadata", "PartialObjectMetadataList" -> true;
            default -> false;
        };
        return known ? new Output(format, as, version, indented) : null;
    }
}
