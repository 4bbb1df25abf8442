package io.pilothouse.apiserver.request;

import java.util.List;
import java.util.Map;

/**
 * An authenticated identity.
 *
 * @param name the user name; {@code system:anonymous} where no credential was given
 * @param uid what tells this user from an earlier one of the same name; may be empty
 * @param groups the groups, in the order in which the authenticator gave them
 * @param extra further facts, by lower-case key
 */
public record UserInfo(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
    public static final String ANONYMOUS = "system:anonymous";
    public static final String ALL_AUTHENTICATED = "system:authenticated";
    public static final String ALL_UNAUTHENTICATED = "system:unauthenticated";
    public static final String SUPERUSERS = "system:masters";

    public UserInfo {
        groups = List.copyOf(groups);
        extra = Map.copyOf(extra);
    }

    public static UserInfo of(String name, String... groups) {
        return new UserInfo(name, "", List.of(groups), Map.of());
    }

    /** This user with one group more, at the end, unless they have it. */
    public UserInfo withGroup(String group) {
        if (groups.contains(group)) {
            return this;
        }
        var more = new java.util.ArrayList<>(groups);
        more.add(group);
        return new UserInfo(name, uid, more, extra);
    }

    public boolean in(String group) {
        return groups.contains(group);
    }
}
