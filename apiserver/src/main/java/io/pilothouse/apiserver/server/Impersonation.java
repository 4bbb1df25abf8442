package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.authn.ServiceAccountTokens;
import io.pilothouse.apiserver.authz.Attributes;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.authz.Forbidden;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.status.StatusException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Acting as somebody else: the Impersonate-* headers, each part of which must be allowed to who sends them. */
final class Impersonation {
    private static final String EXTRA_PREFIX = "impersonate-extra-";
    private static final String ACCOUNT_PREFIX = "system:serviceaccount:";

    private final Authorizer authorizer;

    Impersonation(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    /** The request for the user whom its headers name; the same one where they name none. */
    ApiRequest apply(ApiRequest request) {
        var headers = request.exchange().headers();
        String user = headers.first("impersonate-user").orElse("");
        var groups = headers.all("impersonate-group");
        String uid = headers.first("impersonate-uid").orElse("");
        var extra = extra(request);
        if (user.isEmpty()) {
            if (!groups.isEmpty() || !uid.isEmpty() || !extra.isEmpty()) {
                throw StatusException.internalError(
                        "requested impersonation of groups or extra without impersonating a user");
            }
            return request;
        }
        requireUser(request, user);
        for (String group : groups) {
            require(request, "", "groups", "", "", group);
        }
        if (!uid.isEmpty()) {
            require(request, "authentication.k8s.io", "uids", "", "", uid);
        }
        extra.forEach((key, values) ->
                values.forEach(value -> require(request, "authentication.k8s.io", "userextras", key, "", value)));
        var impersonated = new UserInfo(user, uid, groupsOf(user, groups), extra);
        return request.as(impersonated);
    }

    private void requireUser(ApiRequest request, String user) {
        var account = account(user);
        if (account != null) {
            require(request, "", "serviceaccounts", "", account[0], account[1]);
        } else {
            require(request, "", "users", "", "", user);
        }
    }

    private static String @org.jspecify.annotations.Nullable [] account(String user) {
        if (!user.startsWith(ACCOUNT_PREFIX)) {
            return null;
        }
        var parts = user.substring(ACCOUNT_PREFIX.length()).split(":", -1);
        return parts.length == 2 ? parts : null;
    }

    private static List<String> groupsOf(String user, List<String> given) {
        var groups = new ArrayList<>(given);
        var account = account(user);
        if (account != null && given.isEmpty()) {
            groups.addAll(ServiceAccountTokens.userOf(account[0], account[1], "", Map.of())
                    .groups());
        }
        if (user.equals(UserInfo.ANONYMOUS)) {
            if (!groups.contains(UserInfo.ALL_UNAUTHENTICATED)) {
                groups.add(UserInfo.ALL_UNAUTHENTICATED);
            }
        } else if (!groups.contains(UserInfo.ALL_AUTHENTICATED) && !groups.contains(UserInfo.ALL_UNAUTHENTICATED)) {
            groups.add(UserInfo.ALL_AUTHENTICATED);
        }
        return groups;
    }

    private void require(
            ApiRequest request, String group, String resource, String subresource, String namespace, String name) {
        var attributes =
                Attributes.resource(request.user(), "impersonate", group, resource, subresource, namespace, name);
        var decision = authorizer.authorize(attributes);
        if (!decision.allowed()) {
            throw Forbidden.of(attributes, decision);
        }
    }

    private static Map<String, List<String>> extra(ApiRequest request) {
        var extra = new TreeMap<String, List<String>>();
        request.exchange().headers().forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(EXTRA_PREFIX)) {
                String key = URLDecoder.decode(
                        lower.substring(EXTRA_PREFIX.length()).replace("+", "%2B"), StandardCharsets.UTF_8);
                extra.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
            }
        });
        return extra;
    }
}
