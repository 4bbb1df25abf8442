package io.pilothouse.apiserver.discovery;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The orders in which groups and versions are told: upstream's priorities for its own groups, names for all others. */
public final class GroupOrder {
    private static final List<String> BUILT_IN = List.of(
            "",
            "apiregistration.k8s.io",
            "apps",
            "events.k8s.io",
            "authentication.k8s.io",
            "authorization.k8s.io",
            "autoscaling",
            "batch",
            "certificates.k8s.io",
            "networking.k8s.io",
            "policy",
            "rbac.authorization.k8s.io",
            "storage.k8s.io",
            "admissionregistration.k8s.io",
            "apiextensions.k8s.io",
            "scheduling.k8s.io",
            "coordination.k8s.io",
            "node.k8s.io",
            "discovery.k8s.io",
            "resource.k8s.io",
            "flowcontrol.apiserver.k8s.io");
    private static final Pattern VERSION = Pattern.compile("v(\\d+)(?:(alpha|beta)(\\d+))?");

    /** Groups: upstream's first, in its order; then the others by name. */
    public static final Comparator<String> GROUPS =
            Comparator.<String>comparingInt(GroupOrder::rank).thenComparing(Comparator.naturalOrder());

    /** Versions: the most stable and newest first; what is no Kubernetes version last, by name. */
    public static final Comparator<String> VERSIONS = GroupOrder::compareVersions;

    private GroupOrder() {}

    private static int rank(String group) {
        int at = BUILT_IN.indexOf(group);
        return at < 0 ? BUILT_IN.size() : at;
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
