package io.pilothouse.apiserver.admission;

import io.pilothouse.apiserver.admission.plugins.PrivilegedPods;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which plugins run.
 *
 * @param enabled those of --enable-admission-plugins, besides the ones that run by default
 * @param disabled those of --disable-admission-plugins
 * @param allowPrivileged whether pods may have privileged containers; not a plugin of upstream's, so no flag names it
 */
public record AdmissionChoice(List<String> enabled, List<String> disabled, boolean allowPrivileged) {
    public AdmissionChoice {
        enabled = List.copyOf(enabled);
        disabled = List.copyOf(disabled);
    }

    /** All that is wrong with the flags, in upstream's words where it refuses them too. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        var both = new ArrayList<>(new TreeSet<>(enabled));
        both.retainAll(new HashSet<>(disabled));
        if (!both.isEmpty()) {
            problems.add("[" + String.join(" ", both)
                    + "] in enable-admission-plugins and disable-admission-plugins overlapped");
        }
        for (String name : enabled) {
            var entry = entry(name);
            if (entry.isEmpty()) {
                problems.add("enable-admission-plugins plugin \"" + name + "\" is unknown");
            } else if (entry.get().maker().isEmpty()) {
                problems.add("enable-admission-plugins plugin \"" + name + "\" is not supported");
            }
        }
        for (String name : disabled) {
            if (entry(name).isEmpty()) {
                problems.add("disable-admission-plugins plugin \"" + name + "\" is unknown");
            }
        }
        return problems;
    }

    private static Optional<AdmissionPlugins.Entry> entry(String name) {
        return AdmissionPlugins.ALL.stream().filter(e -> e.name().equals(name)).findFirst();
    }

    /**
     * Makes the chain.
     *
     * @throws IllegalArgumentException if a plugin's configuration is wrong
     */
    public AdmissionChain chain(AdmissionParts parts) {
        List<AdmissionPlugin> chosen = new ArrayList<>();
        for (var entry : AdmissionPlugins.ALL) {
            boolean on = entry.byDefault() || enabled.contains(entry.name());
            if (on && !disabled.contains(entry.name())) {
                entry.maker().flatMap(maker -> maker.apply(parts)).ifPresent(chosen::add);
            }
        }
        if (!allowPrivileged) {
            chosen.add(new PrivilegedPods());
        }
        return new AdmissionChain(chosen, parts.metrics());
    }
}
