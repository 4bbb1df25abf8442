package io.pilothouse.apiserver.discovery;

import io.pilothouse.apiserver.bootstrap.LocalAPIServices;
import io.pilothouse.machinery.meta.GroupVersion;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The orders in which groups and versions are told: by the priorities of their APIServices, then by name or stability. */
public final class GroupOrder {
    /** The aggregator's own group is no APIService's, and always the first. */
    private static final String FIRST = "apiregistration.k8s.io";

    private static final Pattern VERSION = Pattern.compile("v(\\d+)(?:(alpha|beta)(\\d+))?");

    private static final int CUSTOM_VERSION = 100;

    /** Versions: the most stable and newest first; what is no Kubernetes version last, by name. */
    public static final Comparator<String> VERSIONS = GroupOrder::compareVersions;

    private final RemoteApis remote;

    GroupOrder(RemoteApis remote) {
        this.remote = remote;
    }

    /** Groups in the order of their APIServices' priorities, then by name. */
    Comparator<String> groups() {
        return Comparator.comparingInt(this::priority).reversed().thenComparing(Comparator.naturalOrder());
    }

    private int priority(String group) {
        return group.equals(FIRST)
                ? Integer.MAX_VALUE
                : Math.max(remote.groupPriority(group), LocalAPIServices.priorityOf(group));
    }

    /** A group's versions: those that are put first, then the most stable and newest; what is no Kubernetes version last, by name. */
    Comparator<String> versions(String group) {
        return Comparator.<String>comparingInt(version -> {
                    int given = remote.versionPriority(new GroupVersion(group, version));
                    return given > 0 ? given : CUSTOM_VERSION;
                })
                .reversed()
                .thenComparing(GroupOrder::compareVersions);
    }

    private static int compareVersions(String a, String b) {
        Matcher left = VERSION.matcher(a);
        Matcher right = VERSION.matcher(b);
        boolean leftFits = left.matches();
        boolean rightFits = right.matches();
        if (!leftFits || !rightFits) {
            return leftFits == rightFits ? a.compareTo(b) : leftFits ? -1 : 1;
        }
        int byStability = Integer.compare(stability(right.group(2)), stability(left.group(2)));
        if (byStability != 0) {
            return byStability;
        }
        int byMajor = Long.compare(Long.parseLong(right.group(1)), Long.parseLong(left.group(1)));
        if (byMajor != 0 || left.group(3) == null || right.group(3) == null) {
            return byMajor;
        }
        return Long.compare(Long.parseLong(right.group(3)), Long.parseLong(left.group(3)));
    }

    private static int stability(@org.jspecify.annotations.Nullable String stage) {
        return stage == null ? 2 : stage.equals("beta") ? 1 : 0;
    }
}
