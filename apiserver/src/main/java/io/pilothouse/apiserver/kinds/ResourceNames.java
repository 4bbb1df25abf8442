package io.pilothouse.apiserver.kinds;

import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.Set;

/** The kinds of resources that pods ask for and quotas count, told by their names (core/v1 ResourceName). */
public final class ResourceNames {
    private static final String HUGE_PAGES = "hugepages-";
    private static final String REQUESTS = "requests.";
    private static final Set<String> CONTAINER = Set.of("cpu", "memory", "ephemeral-storage");
    private static final Set<String> COUNTED = Set.of(
            "pods",
            "resourcequotas",
            "services",
            "replicationcontrollers",
            "secrets",
            "configmaps",
            "persistentvolumeclaims",
            "services.nodeports",
            "services.loadbalancers");
    private static final Set<String> MEASURED = Set.of(
            "cpu",
            "memory",
            "ephemeral-storage",
            "storage",
            "requests.cpu",
            "requests.memory",
            "requests.ephemeral-storage",
            "requests.storage",
            "limits.cpu",
            "limits.memory",
            "limits.ephemeral-storage");

    private ResourceNames() {}

    public static boolean isHugePages(String name) {
        return name.startsWith(HUGE_PAGES);
    }

    /** Whether a quota may name it as huge pages: with or without "requests." before. */
    public static boolean isQuotaHugePages(String name) {
        return isHugePages(name) || name.startsWith(REQUESTS + HUGE_PAGES);
    }

    /** Whether a name without a domain is one that Kubernetes knows. */
    public static boolean isStandard(String name) {
        return MEASURED.contains(name) || COUNTED.contains(name) || isQuotaHugePages(name);
    }

    /** Whether a container can ask for it without a device plugin. */
    public static boolean isStandardForContainers(String name) {
        return CONTAINER.contains(name) || isHugePages(name);
    }

    /** Whether Kubernetes itself names it: no domain, or kubernetes.io's. */
    public static boolean isNative(String name) {
        return name.indexOf('/') < 0 || name.contains("kubernetes.io/");
    }

    /** Whether it is a resource that a device plugin may advertise. */
    public static boolean isExtended(String name) {
        return !isNative(name)
                && !name.startsWith(REQUESTS)
                && LabelFormat.key(REQUESTS + name).isEmpty();
    }

    /** Whether a limit may be more than the request. */
    public static boolean isOvercommitAllowed(String name) {
        return isNative(name) && !isHugePages(name);
    }

    /** Whether there is no half of it. */
    public static boolean isWhole(String name) {
        return COUNTED.contains(name) || isExtended(name);
    }

    /** Whether an amount of huge pages is made of whole pages. */
    public static boolean isWholePages(String name, Quantity amount) {
        Quantity page;
        try {
            page = Quantity.parse(name.substring(HUGE_PAGES.length()));
        } catch (IllegalArgumentException e) {
            return false;
        }
        return page.signum() > 0 && page.toMilli() % 1000 == 0 && amount.toLong() % page.toLong() == 0;
    }
}
