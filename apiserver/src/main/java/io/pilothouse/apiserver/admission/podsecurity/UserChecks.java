package io.pilothouse.apiserver.admission.podsecurity;

import static io.pilothouse.apiserver.admission.podsecurity.PodView.named;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks of the users that containers run as. */
final class UserChecks {
    private UserChecks() {}

    private static JsonNode context(JsonNode holder) {
        return holder.path("securityContext");
    }

    static Optional<Finding> nonRoot(PodView pod) {
        var ofPod = context(pod.spec()).path("runAsNonRoot");
        List<String> setters = new ArrayList<>();
        if (ofPod.isBoolean() && !ofPod.asBoolean()) {
            setters.add("pod");
        }
        var explicit = pod.containers(c -> {
            var own = context(c).path("runAsNonRoot");
            return own.isBoolean() && !own.asBoolean();
        });
        if (!explicit.isEmpty()) {
            setters.add(named(explicit));
        }
        if (!setters.isEmpty()) {
            return Optional.of(new Finding(
                    "runAsNonRoot != true",
                    String.join(" and ", setters) + " must not set securityContext.runAsNonRoot=false"));
        }
        var silent = pod.containers(c -> !context(c).path("runAsNonRoot").isBoolean() && !ofPod.asBoolean());
        return silent.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        "runAsNonRoot != true",
                        "pod or " + named(silent) + " must set securityContext.runAsNonRoot=true"));
    }

    static Optional<Finding> user(PodView pod) {
        List<String> setters = new ArrayList<>();
        if (isRoot(context(pod.spec()))) {
            setters.add("pod");
        }
        var explicit = pod.containers(c -> isRoot(context(c)));
        if (!explicit.isEmpty()) {
            setters.add(named(explicit));
        }
        return setters.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding("runAsUser=0", String.join(" and ", setters) + " must not set runAsUser=0"));
    }

    private static boolean isRoot(JsonNode context) {
        return context.path("runAsUser").isNumber() && context.path("runAsUser").asLong() == 0;
    }
}
