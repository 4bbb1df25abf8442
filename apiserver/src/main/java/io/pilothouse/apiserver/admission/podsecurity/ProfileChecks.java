package io.pilothouse.apiserver.admission.podsecurity;

import static io.pilothouse.apiserver.admission.podsecurity.PodView.named;
import static io.pilothouse.apiserver.admission.podsecurity.PodView.plural;
import static io.pilothouse.apiserver.admission.podsecurity.PodView.quoted;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.gotext.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Checks of the profiles of AppArmor, SELinux and seccomp. */
final class ProfileChecks {
    private static final Set<String> PROFILE_TYPES = Set.of("RuntimeDefault", "Localhost");
    private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
    private static final String SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
    private static final String SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
    private static final Set<String> SELINUX_TYPES = Set.of("", "container_t", "container_init_t", "container_kvm_t");

    private ProfileChecks() {}

    /** Who sets what they must not: the pod, and containers; bad values are collected. */
    private static List<String> setters(PodView pod, Predicate<JsonNode> isBad) {
        List<String> out = new ArrayList<>();
        if (isBad.test(pod.spec().path("securityContext"))) {
            out.add("pod");
        }
        var containers = pod.containers(c -> isBad.test(c.path("securityContext")));
        if (!containers.isEmpty()) {
            out.add(named(containers));
        }
        return out;
    }

    private static boolean isBadProfile(JsonNode profile, Set<String> badTypes) {
        String type = profile.path("type").asText("");
        if (!profile.isObject() || PROFILE_TYPES.contains(type)) {
            return false;
        }
        badTypes.add(type);
        return true;
    }

    static Optional<Finding> appArmor(PodView pod) {
        var types = new TreeSet<String>();
        var setters = setters(pod, context -> isBadProfile(context.path("appArmorProfile"), types));
        var annotations = new TreeSet<String>();
        pod.annotations().forEach((key, value) -> {
            boolean allowed = value.isEmpty() || value.equals("runtime/default") || value.startsWith("localhost/");
            if (key.startsWith(APP_ARMOR) && !allowed) {
                annotations.add(key + "=" + GoText.quote(value));
            }
        });
        List<String> values = new ArrayList<>(types);
        if (!annotations.isEmpty()) {
            values.addAll(annotations);
            setters.add(plural("annotation", "annotations", annotations.size()));
        }
        return setters.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        plural("forbidden AppArmor profile", "forbidden AppArmor profiles", values.size()),
                        String.join(" and ", setters) + " must not set AppArmor profile type to " + quoted(values)));
    }

    static Optional<Finding> seLinux(PodView pod, boolean engines) {
        var types = new TreeSet<String>();
        boolean[] set = new boolean[2];
        var setters = setters(pod, context -> {
            var options = context.path("seLinuxOptions");
            String type = options.path("type").asText("");
            boolean badType = !SELINUX_TYPES.contains(type) && !(engines && type.equals("container_engine_t"));
            boolean user = !options.path("user").asText("").isEmpty();
            boolean role = !options.path("role").asText("").isEmpty();
            if (badType) {
                types.add(type);
            }
            set[0] |= user;
            set[1] |= role;
            return badType || user || role;
        });
        if (setters.isEmpty()) {
            return Optional.empty();
        }
        List<String> what = new ArrayList<>();
        if (!types.isEmpty()) {
            what.add(plural("type", "types", types.size()) + " " + quoted(types));
        }
        if (set[0]) {
            what.add("user may not be set");
        }
        if (set[1]) {
            what.add("role may not be set");
        }
        return Optional.of(new Finding(
                "seLinuxOptions",
                String.join(" and ", setters) + " set forbidden securityContext.seLinuxOptions: "
                        + String.join("; ", what)));
    }

    static Optional<Finding> seccompAnnotations(PodView pod) {
        var forbidden = new TreeSet<String>();
        var annotations = pod.annotations();
        List<String> keys = new ArrayList<>(List.of(SECCOMP_POD));
        pod.containers()
                .forEach(c -> keys.add(SECCOMP_CONTAINER + c.path("name").asText("")));
        for (String key : keys) {
            String value = annotations.get(key);
            if (value != null
                    && !value.equals("runtime/default")
                    && !value.equals("docker/default")
                    && !value.startsWith("localhost/")) {
                forbidden.add(key + "=" + GoText.quote(value));
            }
        }
        return forbidden.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        "seccompProfile",
                        "forbidden " + plural("annotation", "annotations", forbidden.size()) + " "
                                + String.join(", ", forbidden)));
    }

    static Optional<Finding> seccompBaseline(PodView pod) {
        var types = new TreeSet<String>();
        var setters = setters(pod, context -> isBadProfile(context.path("seccompProfile"), types));
        return setters.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        "seccompProfile",
                        String.join(" and ", setters) + " must not set securityContext.seccompProfile.type to "
                                + quoted(types)));
    }

    static Optional<Finding> seccompRestricted(PodView pod) {
        var explicit = seccompBaseline(pod);
        if (explicit.isPresent()
                || pod.spec().path("securityContext").path("seccompProfile").isObject()) {
            return explicit;
        }
        var silent = pod.containers(
                c -> !c.path("securityContext").path("seccompProfile").isObject());
        return silent.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Finding(
                                "seccompProfile",
                                "pod or " + named(silent)
                                        + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\""));
    }
}
