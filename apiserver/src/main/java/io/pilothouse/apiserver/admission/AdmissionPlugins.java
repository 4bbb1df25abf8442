package io.pilothouse.apiserver.admission;

import io.pilothouse.apiserver.catalog.ClusterView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** The plugins that there are, in the order in which they run, and which of them are on by default. */
public final class AdmissionPlugins {
    private static final Set<String> OFF_BY_DEFAULT = Set.of("NodeRestriction");

    private AdmissionPlugins() {}

    private static List<AdmissionPlugin> all(ClusterView cluster, RandomGenerator random) {
        return List.of(
                new NamespaceLifecycle(cluster),
                new ServiceAccountAdmission(cluster, random),
                new NodeRestriction(cluster),
                new NodeTaint(),
                new PriorityAdmission(cluster),
                new PodTolerations(),
                new StorageDefaults(cluster));
    }

    /**
     * Makes the chain.
     *
     * @param allowPrivileged whether pods may have privileged containers; not a plugin of upstream's, so no flag names it
     * @throws IllegalArgumentException naming a plugin that is not supported
     */
    public static AdmissionChain chain(
            List<String> enabled,
            List<String> disabled,
            boolean allowPrivileged,
            ClusterView cluster,
            RandomGenerator random) {
        var known = new TreeSet<String>();
        var chosen = new ArrayList<AdmissionPlugin>();
        for (var plugin : all(cluster, random)) {
            known.add(plugin.name());
            boolean on = !OFF_BY_DEFAULT.contains(plugin.name()) || enabled.contains(plugin.name());
            if (on && !disabled.contains(plugin.name())) {
                chosen.add(plugin);
            }
        }
        for (String name : enabled) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("--enable-admission-plugins: " + name
                        + " is not supported; supported are " + String.join(", ", known));
            }
        }
        if (!allowPrivileged) {
            chosen.add(new PrivilegedPods());
        }
        return new AdmissionChain(chosen);
    }
}
