package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.machinery.status.Status;
import io.pilothouse.machinery.status.StatusException;
import java.util.List;

/** Which kinds of patch a resource takes. */
final class PatchTypes {
    private static final List<String> BUILT_IN = List.of(
            PatchEndpoint.JSON_PATCH, PatchEndpoint.MERGE_PATCH, PatchEndpoint.STRATEGIC_PATCH, PatchEndpoint.APPLY);
    private static final List<String> CUSTOM =
            List.of(PatchEndpoint.JSON_PATCH, PatchEndpoint.MERGE_PATCH, PatchEndpoint.APPLY);

    private PatchTypes() {}

    /**
     * The kind of a request's patch.
     *
     * @throws StatusException 415 for one that is not taken: from upstream's router for built-in kinds, which says less
     */
    static String require(ApiRequest request, ResourceDefinition definition) {
        String header = request.exchange().headers().first("content-type").orElse("");
        int end = header.indexOf(';');
        String type = (end < 0 ? header : header.substring(0, end)).strip();
        if ((definition.custom() ? CUSTOM : BUILT_IN).contains(type)) {
            return type;
        }
        throw definition.custom()
                ? StatusException.unsupportedMediaType(CUSTOM)
                : new StatusException(Status.failure(
                        415, "UnsupportedMediaType", "415: Unsupported Media Type", Status.Details.NONE));
    }
}
