package io.pilothouse.apiserver.negotiation;

import io.pilothouse.machinery.status.StatusException;
import java.util.List;

/**
 * The form of an answer, as negotiated with the Accept header.
 *
 * @param as Table, PartialObjectMetadata, PartialObjectMetadataList, or empty for the object itself
 * @param version of the form's kind: v1 or v1beta1; empty for the object itself
 */
public record Output(Format format, String as, String version, boolean pretty) {
    public static final Output JSON = new Output(Format.JSON, "", "", false);
    private static final List<String> ALL =
            List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");
    private static final List<String> WITHOUT_PROTOBUF = List.of("application/json", "application/yaml");

    /** The content-type of the answer. */
    public String contentType() {
        return format.mediaType();
    }

    public boolean table() {
        return as.equals("Table");
    }

    public boolean partial() {
        return as.startsWith("PartialObjectMetadata");
    }

    /**
     * Chooses a form.
     *
     * @param accept the Accept headers
     * @param protobuf whether the kind has a protobuf form
     * @param tables whether the answer can be a table or metadata alone
     * @throws StatusException 406 if nothing fits
     */
    public static Output negotiate(List<String> accept, boolean protobuf, boolean tables, boolean pretty) {
        var ranges = MediaType.accepted(accept);
        if (ranges.isEmpty()) {
            return new Output(Format.JSON, "", "", pretty);
        }
        for (var range : ranges) {
            var chosen = match(range, protobuf, tables, pretty);
            if (chosen != null) {
                return chosen;
            }
        }
        throw StatusException.notAcceptable(protobuf ? ALL : WITHOUT_PROTOBUF);
    }

    private static @org.jspecify.annotations.Nullable Output match(
            MediaType range, boolean protobuf, boolean tables, boolean pretty) {
        Format format = switch (range.name()) {
            case "*/*", "application/*", "application/json" -> Format.JSON;
            case "application/yaml" -> Format.YAML;
            case "application/vnd.kubernetes.protobuf" -> protobuf ? Format.PROTOBUF : null;
            default -> null;
        };
        if (format == null) {
            return null;
        }
        String as = range.parameters().getOrDefault("as", "");
        if (as.isEmpty()) {
            return new Output(
                    format, "", "", pretty || "1".equals(range.parameters().get("pretty")));
        }
        String version = range.parameters().getOrDefault("v", "");
        boolean known = switch (as) {
            case "Table", "PartialObjectMetadata", "PartialObjectMetadataList" ->
                (version.equals("v1") || version.equals("v1beta1"))
                        && "meta.k8s.io".equals(range.parameters().get("g"));
            default -> false;
        };
        return known && tables && format != Format.PROTOBUF ? new Output(format, as, version, pretty) : null;
    }
}
