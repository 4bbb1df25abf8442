package io.pilothouse.iam.policy;

/**
 * What a request to the API server asks for, as RBAC sees it; empty texts where there is nothing.
 *
 * @param resourceRequest whether it is about a resource; else only verb and path count
 */
public record RequestAttributes(
        boolean resourceRequest,
        String verb,
        String apiGroup,
        String resource,
        String subresource,
        String namespace,
        String path) {

    /** A request for a resource. */
    public static RequestAttributes resource(
            String verb, String apiGroup, String resource, String subresource, String namespace) {
        return new RequestAttributes(true, verb, apiGroup, resource, subresource, namespace, "");
    }

    /** A request for another path. */
    public static RequestAttributes path(String verb, String path) {
        return new RequestAttributes(false, verb, "", "", "", "", path);
    }

    /** {@code pods/log}, or just {@code pods}. */
    String fullResource() {
        return subresource.isEmpty() ? resource : resource + "/" + subresource;
    }
}
