package io.pilothouse.apiserver.authz;

import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.apiserver.request.UserInfo;

/** Who wants to do what: the question that authorizers answer. For a non-resource request only user, verb and path are set. */
public record Attributes(
        UserInfo user,
        String verb,
        boolean resourceRequest,
        String namespace,
        String group,
        String version,
        String resource,
        String subresource,
        String name,
        String path) {

    public static Attributes of(UserInfo user, RequestInfo info) {
        return new Attributes(
                user,
                info.verb(),
                info.isResource(),
                info.namespace(),
                info.group(),
                info.version(),
                info.resource(),
                info.subresource(),
                info.name(),
                info.path());
    }

    public static Attributes resource(
            UserInfo user,
            String verb,
            String group,
            String resource,
            String subresource,
            String namespace,
            String name) {
        return new Attributes(user, verb, true, namespace, group, "*", resource, subresource, name, "");
    }

    public static Attributes path(UserInfo user, String verb, String path) {
        return new Attributes(user, verb, false, "", "", "", "", "", "", path);
    }

    public String fullResource() {
        return subresource.isEmpty() ? resource : resource + "/" + subresource;
    }
}
