package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.TextFormat;
import java.util.HashSet;
import java.util.List;

/** What a pod's status says of its containers: what has ended stays ended unless its policy has it restarted. */
final class ContainerStatusValidation {
    private static final List<String> LISTS =
            List.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses");
    private static final int LONGEST_MESSAGE = 1024;

    private ContainerStatusValidation() {}

    static void transitions(Field status, JsonNode old) {
        var spec = old.path("spec");
        if (!restartsAll(spec)) {
            transitions(status, old, "containerStatuses", spec.path("containers"));
            transitions(status, old, "initContainerStatuses", spec.path("initContainers"));
        }
        transitions(status, old, "ephemeralContainerStatuses", spec.path("noContainers"));
    }

    /** Whether the end of one container can restart all. */
    private static boolean restartsAll(JsonNode spec) {
        return Containers.nodes(spec).stream()
                .flatMap(c -> c.path("restartPolicyRules").valueStream())
                .anyMatch(rule -> rule.path("action").asText("").equals("RestartAllContainers"));
    }

    /** @param containers those that may be restarted */
    private static void transitions(Field status, JsonNode old, String list, JsonNode containers) {
        int index = 0;
        for (var before : old.path("status").path(list)) {
            var at = status.child(list).path().index(index++).child("state");
            var ended = before.path("state").path("terminated");
            if (ended.isMissingNode()) {
                continue;
            }
            String name = before.path("name").asText("");
            for (var now : status.value().path(list)) {
                if (now.path("name").asText("").equals(name)
                        && !now.path("state").has("terminated")
                        && !mayRestart(
                                old.path("spec"),
                                containers,
                                name,
                                ended.path("exitCode").asLong())) {
                    status.add(FieldError.forbidden(at, "may not be transitioned to non-terminated state"));
                    break;
                }
            }
        }
    }

    private static boolean mayRestart(JsonNode spec, JsonNode containers, String name, long exitCode) {
        for (var container : containers) {
            if (container.path("name").asText("").equals(name)) {
                return shouldRestart(container, spec, exitCode);
            }
        }
        return false;
    }

    private static boolean shouldRestart(JsonNode container, JsonNode spec, long exitCode) {
        if (container.has("restartPolicy")) {
            for (var rule : container.path("restartPolicyRules")) {
                if (matches(rule.path("exitCodes"), exitCode)) {
                    return true;
                }
            }
        }
        String own = container.path("restartPolicy").asText("");
        return switch (own.isEmpty() ? spec.path("restartPolicy").asText("") : own) {
            case "OnFailure" -> exitCode != 0;
            case "Never" -> false;
            default -> true;
        };
    }

    private static boolean matches(JsonNode codes, long exitCode) {
        boolean found = codes.path("values").valueStream().anyMatch(v -> v.asLong() == exitCode);
        return switch (codes.path("operator").asText("")) {
            case "In" -> found;
            case "NotIn" -> !found;
            default -> false;
        };
    }

    static void contents(Field status, Field spec) {
        for (String list : LISTS) {
            status.child(list).each(container -> user(container.child("user", "linux"), spec));
        }
        allocated(status.child("containerStatuses"), spec.value().path("containers"));
        allocated(status.child("initContainerStatuses"), spec.value().path("initContainers"));
        status.child("ephemeralContainerStatuses").each(container -> {
            if (!container.child("allocatedResourcesStatus").isEmpty()) {
                container.child("allocatedResourcesStatus").forbidden("must not be specified in container status");
            }
        });
    }

    private static void user(Field user, Field spec) {
        if (!user.present()) {
            return;
        }
        var os = spec.child("os", "name");
        if (os.is("windows")) {
            user.forbidden("cannot be set for a windows pod");
        } else if (!spec.child("os").present() || os.is("linux")) {
            user.child("uid").hasNumber(TextFormat::userId);
            user.child("gid").hasNumber(TextFormat::userId);
            user.child("supplementalGroups").each(group -> group.hasNumber(TextFormat::userId));
        }
    }

    private static void allocated(Field statuses, JsonNode containers) {
        statuses.each(status -> status.child("allocatedResourcesStatus").each(resource -> {
            for (var container : containers) {
                if (container
                        .path("name")
                        .asText("")
                        .equals(status.child("name").text())) {
                    asked(resource.child("name"), container.path("resources"));
                    break;
                }
            }
            health(resource.child("resources"));
        }));
    }

    private static void asked(Field name, JsonNode resources) {
        if (!name.text().startsWith("claim:")) {
            if (!resources.path("requests").has(name.text())) {
                name.invalid(name.text(), "must match one of the container's resource requests");
            }
            return;
        }
        for (var claim : resources.path("claims")) {
            String request = claim.path("request").asText("");
            String full = "claim:" + claim.path("name").asText("") + (request.isEmpty() ? "" : "/" + request);
            if (full.equals(name.text())) {
                return;
            }
        }
        name.invalid(
                name.text(),
                "must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or"
                        + " 'claim:<claimName>' if request is empty");
    }

    private static void health(Field resources) {
        var seen = new HashSet<String>();
        resources.each(resource -> {
            resource.child("health").oneOf("Healthy", "Unhealthy", "Unknown");
            resource.child("message").ifPresent(message -> {
                if (message.isEmpty()) {
                    message.required("must be non-empty if specified");
                } else if (message.text().length() > LONGEST_MESSAGE) {
                    message.add(FieldError.tooLong(message.path(), LONGEST_MESSAGE));
                }
            });
            if (!seen.add(resource.child("resourceID").text())) {
                resource.child("resourceID").duplicate();
            }
        });
    }
}
