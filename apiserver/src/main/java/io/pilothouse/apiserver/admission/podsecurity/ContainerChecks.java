package io.pilothouse.apiserver.admission.podsecurity;

import static io.pilothouse.apiserver.admission.podsecurity.PodView.named;
import static io.pilothouse.apiserver.admission.podsecurity.PodView.quoted;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.kinds.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Checks of what containers' security contexts say of privileges. */
final class ContainerChecks {
    private static final Set<String> DEFAULT_CAPABILITIES = Set.of(
            "AUDIT_WRITE",
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "KILL",
            "MKNOD",
            "NET_BIND_SERVICE",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_CHROOT");

    private ContainerChecks() {}

    private static JsonNode context(JsonNode container) {
        return container.path("securityContext");
    }

    static Optional<Finding> privileged(PodView pod) {
        var bad = pod.containers(c -> context(c).path("privileged").asBoolean());
        return bad.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding("privileged", named(bad) + " must not set securityContext.privileged=true"));
    }

    static Optional<Finding> escalation(PodView pod) {
        var bad =
                pod.containers(c -> context(c).path("allowPrivilegeEscalation").asBoolean(true));
        return bad.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        "allowPrivilegeEscalation != false",
                        named(bad) + " must set securityContext.allowPrivilegeEscalation=false"));
    }

    static Optional<Finding> baselineCapabilities(PodView pod) {
        var added = new TreeSet<String>();
        var bad = pod.containers(c -> {
            var beyond = new ArrayList<>(
                    Trees.strings(context(c).path("capabilities").path("add")));
            beyond.removeAll(DEFAULT_CAPABILITIES);
            added.addAll(beyond);
            return !beyond.isEmpty();
        });
        return bad.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding("non-default capabilities", mustNotAdd(bad, added)));
    }

    private static String mustNotAdd(List<String> containers, Set<String> capabilities) {
        return named(containers) + " must not include " + quoted(capabilities) + " in securityContext.capabilities.add";
    }

    static Optional<Finding> restrictedCapabilities(PodView pod) {
        var keeping = pod.containers(c ->
                !Trees.strings(context(c).path("capabilities").path("drop")).contains("ALL"));
        var added = new TreeSet<String>();
        var adding = pod.containers(c -> {
            var beyond = new ArrayList<>(
                    Trees.strings(context(c).path("capabilities").path("add")));
            beyond.removeIf("NET_BIND_SERVICE"::equals);
            added.addAll(beyond);
            return !beyond.isEmpty();
        });
        List<String> details = new ArrayList<>();
        if (!keeping.isEmpty()) {
            details.add(named(keeping) + " must set securityContext.capabilities.drop=[\"ALL\"]");
        }
        if (!adding.isEmpty()) {
            details.add(mustNotAdd(adding, added));
        }
        return details.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding("unrestricted capabilities", String.join("; ", details)));
    }

    static Optional<Finding> procMount(PodView pod) {
        var types = new TreeSet<String>();
        var bad = pod.containers(c -> {
            String type = context(c).path("procMount").asText("Default");
            if (type.equals("Default")) {
                return false;
            }
            types.add(type);
            return true;
        });
        return bad.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        "procMount", named(bad) + " must not set securityContext.procMount to " + quoted(types)));
    }
}
