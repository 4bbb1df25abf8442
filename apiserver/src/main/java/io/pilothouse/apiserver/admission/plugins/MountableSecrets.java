package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The secrets that an account's pods may use, where the account says that they may use no others. */
final class MountableSecrets {
    private static final Map<String, String> WORDS = Map.of(
            "initContainers",
            "init container ",
            "containers",
            "container ",
            "ephemeralContainers",
            "ephemeral container ");

    private final String account;
    private final Set<String> secrets;
    private final Set<String> pullSecrets;

    MountableSecrets(ObjectNode account) {
        this.account = ObjectMeta.name(account);
        this.secrets = names(account.path("secrets"));
        this.pullSecrets = names(account.path("imagePullSecrets"));
    }

    private static Set<String> names(JsonNode references) {
        var out = new HashSet<String>();
        references.forEach(r -> out.add(r.path("name").asText("")));
        return out;
    }

    /** Why a pod may not be; empty where it may. */
    Optional<String> of(JsonNode spec) {
        for (var volume : spec.path("volumes")) {
            String secret = volume.path("secret").path("secretName").asText("");
            if (volume.path("secret").isObject() && !secrets.contains(secret)) {
                return Optional.of("volume with secret.secretName=\"" + secret + "\"" + because("secret"));
            }
        }
        for (String list : List.of("initContainers", "containers")) {
            var found = ofContainers(spec, list);
            if (found.isPresent()) {
                return found;
            }
        }
        int index = 0;
        for (var reference : spec.path("imagePullSecrets")) {
            String name = reference.path("name").asText("");
            if (!pullSecrets.contains(name)) {
                return Optional.of(
                        "imagePullSecrets[" + index + "].name=\"" + name + "\"" + because("imagePullSecret"));
            }
            index++;
        }
        return Optional.empty();
    }

    Optional<String> ofEphemeral(JsonNode spec) {
        return ofContainers(spec, "ephemeralContainers");
    }

    private String because(String what) {
        return " is not allowed because service account " + account + " does not reference that " + what;
    }

    private Optional<String> ofContainers(JsonNode spec, String list) {
        for (var container : spec.path(list)) {
            String head = WORDS.get(list) + container.path("name").asText("") + " with ";
            for (var variable : container.path("env")) {
                var reference = variable.path("valueFrom").path("secretKeyRef");
                String name = reference.path("name").asText("");
                if (reference.isObject() && !secrets.contains(name)) {
                    return Optional.of(head + "envVar " + variable.path("name").asText("")
                            + " referencing secret.secretName=\"" + name + "\"" + because("secret"));
                }
            }
            for (var source : container.path("envFrom")) {
                String name = source.path("secretRef").path("name").asText("");
                if (source.path("secretRef").isObject() && !secrets.contains(name)) {
                    return Optional.of(
                            head + "envFrom referencing secret.secretName=\"" + name + "\"" + because("secret"));
                }
            }
        }
        return Optional.empty();
    }
}
