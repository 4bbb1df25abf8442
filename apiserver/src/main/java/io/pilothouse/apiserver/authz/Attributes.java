package io.pilothouse.apiserver.authz;

import io.pilothouse.apiserver.request.Query;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.apiserver.request.UserInfo;

/**
 * Who wants to do what: the question that authorizers answer. For a non-resource request only user, verb and path are set.
 *
 * @param fields what a list, watch or deletion of many is limited to; empty for other verbs
 */
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
        String path,
        SelectorTerms fields,
        SelectorTerms labels) {

    public static Attributes of(UserInfo user, RequestInfo info, Query query) {
        boolean selects = info.isResource()
                && switch (info.verb()) {
                    case "list", "watch", "deletecollection" -> true;
                    default -> false;
                };
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
                info.path(),
                selects ? SelectorTerms.ofFields(query.first("fieldSelector")) : SelectorTerms.NONE,
                selects ? SelectorTerms.ofLabels(query.first("labelSelector")) : SelectorTerms.NONE);
    }

    public static Attributes resource(
            UserInfo user,
            String verb,
            String group,
            String resource,
            String subresource,
            String namespace,
            String name) {
        return new Attributes(
                user,
                verb,
                true,
                namespace,
                group,
                "*",
                resource,
                subresource,
                name,
                "",
                SelectorTerms.NONE,
                SelectorTerms.NONE);
    }

    public static Attributes path(UserInfo user, String verb, String path) {
        return new Attributes(user, verb, false, "", "", "", "", "", "", path, SelectorTerms.NONE, SelectorTerms.NONE);
    }

    /** The same question of a version, and limited by selectors. */
    public Attributes selecting(String apiVersion, SelectorTerms byFields, SelectorTerms byLabels) {
        return new Attributes(
                user,
                verb,
                resourceRequest,
                namespace,
                group,
                apiVersion,
                resource,
                subresource,
                name,
                path,
                byFields,
                byLabels);
    }

    public String fullResource() {
        return subresource.isEmpty() ? resource : resource + "/" + subresource;
    }
}
