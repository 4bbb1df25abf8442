package io.pilothouse.apiserver.admission.podsecurity;

import static io.pilothouse.apiserver.admission.podsecurity.Check.baseline;
import static io.pilothouse.apiserver.admission.podsecurity.Check.restricted;
import static io.pilothouse.apiserver.admission.podsecurity.Check.since;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** All checks. Within a level they run by their names, those of the baseline first. */
final class Standards {
    private static final List<Check> CHECKS = List.of(
                    baseline("appArmorProfile", since(0, ProfileChecks::appArmor)),
                    baseline("capabilities_baseline", since(0, ContainerChecks::baselineCapabilities)),
                    baseline("hostNamespaces", since(0, HostChecks::namespaces)),
                    baseline("hostPathVolumes", since(0, HostChecks::paths)),
                    baseline("hostPorts", since(0, HostChecks::ports)),
                    baseline("hostProbesAndHostLifecycle", since(34, HostChecks::probes)),
                    baseline("privileged", since(0, ContainerChecks::privileged)),
                    baseline(
                            "procMount",
                            since(0, ContainerChecks::procMount),
                            since(35, unlessOwnUsers(ContainerChecks::procMount))),
                    baseline(
                            "seLinuxOptions",
                            since(0, pod -> ProfileChecks.seLinux(pod, false)),
                            since(31, pod -> ProfileChecks.seLinux(pod, true))),
                    baseline(
                            "seccompProfile_baseline",
                            since(0, ProfileChecks::seccompAnnotations),
                            since(19, ProfileChecks::seccompBaseline)),
                    baseline(
                            "sysctls",
                            since(0, pod -> HostChecks.sysctls(pod, 0)),
                            since(27, pod -> HostChecks.sysctls(pod, 27)),
                            since(29, pod -> HostChecks.sysctls(pod, 29)),
                            since(32, pod -> HostChecks.sysctls(pod, 32))),
                    baseline("windowsHostProcess", since(0, HostChecks::windowsProcess)),
                    restricted(
                            "allowPrivilegeEscalation",
                            "",
                            since(8, ContainerChecks::escalation),
                            since(25, unlessWindows(ContainerChecks::escalation))),
                    restricted(
                            "capabilities_restricted",
                            "capabilities_baseline",
                            since(22, ContainerChecks::restrictedCapabilities),
                            since(25, unlessWindows(ContainerChecks::restrictedCapabilities))),
                    restricted("procMount_restricted", "procMount", since(35, ContainerChecks::procMount)),
                    restricted("restrictedVolumes", "hostPathVolumes", since(0, VolumeCheck::volumes)),
                    restricted(
                            "runAsNonRoot",
                            "",
                            since(0, UserChecks::nonRoot),
                            since(35, unlessOwnUsers(UserChecks::nonRoot))),
                    restricted(
                            "runAsUser", "", since(23, UserChecks::user), since(35, unlessOwnUsers(UserChecks::user))),
                    restricted(
                            "seccompProfile_restricted",
                            "seccompProfile_baseline",
                            since(19, ProfileChecks::seccompRestricted),
                            since(25, unlessWindows(ProfileChecks::seccompRestricted))))
            .stream()
            .sorted(Comparator.comparing(Check::level).thenComparing(Check::id))
            .toList();

    private Standards() {}

    private static Function<PodView, Optional<Finding>> unlessOwnUsers(Function<PodView, Optional<Finding>> rule) {
        return pod -> pod.hasOwnUsers() ? Optional.empty() : rule.apply(pod);
    }

    private static Function<PodView, Optional<Finding>> unlessWindows(Function<PodView, Optional<Finding>> rule) {
        return pod -> pod.isForWindows() ? Optional.empty() : rule.apply(pod);
    }

    /** All that a level forbids of a pod. */
    static List<Finding> check(LevelVersion wanted, PodView pod) {
        if (wanted.isPrivileged()) {
            return List.of();
        }
        boolean all = wanted.level() == Level.RESTRICTED;
        Set<String> overridden = new HashSet<>();
        if (all) {
            CHECKS.stream().filter(c -> c.in(wanted.minor()).isPresent()).forEach(c -> overridden.add(c.overrides()));
        }
        List<Finding> findings = new ArrayList<>();
        for (var check : CHECKS) {
            if ((all || check.level() == Level.BASELINE) && !overridden.contains(check.id())) {
                check.in(wanted.minor()).flatMap(rule -> rule.apply(pod)).ifPresent(findings::add);
            }
        }
        return findings;
    }
}
