package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.worker.kube.ApiException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Makes a container's environment: services, envFrom, env, in that order, as the kubelet does. */
final class Environment {
    private static final String ERROR = "CreateContainerConfigError";
    private final ObjectReads client;
    private final FieldValues fields;

    Environment(ObjectReads client, FieldValues fields) {
        this.client = client;
        this.fields = fields;
    }

    Map<String, String> of(JsonNode pod, JsonNode container, List<String> addresses) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        services(pod, all);
        for (JsonNode source : container.path("envFrom")) {
            String prefix = source.path("prefix").asText("");
            for (String kind : List.of("configMapRef", "secretRef")) {
                JsonNode reference = source.path(kind);
                if (reference.isObject()) {
                    data(pod, kind.equals("secretRef"), reference).forEach((k, v) -> all.put(prefix + k, v));
                }
            }
        }
        for (JsonNode variable : container.path("env")) {
            value(pod, container, addresses, variable, all);
        }
        return all;
    }

    private void value(
            JsonNode pod, JsonNode container, List<String> addresses, JsonNode variable, Map<String, String> all)
            throws IOException {
        String name = variable.path("name").asText();
        JsonNode from = variable.path("valueFrom");
        if (!from.isObject()) {
            all.put(name, Expansion.expand(variable.path("value").asText(""), all));
        } else if (from.has("fieldRef")) {
            all.put(
                    name,
                    fields.field(
                            pod,
                            addresses,
                            from.path("fieldRef").path("fieldPath").asText()));
        } else if (from.has("resourceFieldRef")) {
            all.put(name, fields.resource(container, from.path("resourceFieldRef")));
        } else {
            boolean secret = from.has("secretKeyRef");
            JsonNode reference = secret ? from.path("secretKeyRef") : from.path("configMapKeyRef");
            if (!reference.isObject()) {
                throw new ConfigException(ERROR, "the source of variable " + name + " is not supported");
            }
            String key = reference.path("key").asText();
            String value = data(pod, secret, reference).get(key);
            if (value != null) {
                all.put(name, value);
            } else if (!reference.path("optional").asBoolean(false)) {
                throw new ConfigException(
                        ERROR,
                        "couldn't find key " + key + " in " + (secret ? "Secret " : "ConfigMap ") + Pods.namespace(pod)
                                + "/" + reference.path("name").asText());
            }
        }
    }

    private Map<String, String> data(JsonNode pod, boolean secret, JsonNode reference) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        String path = "/api/v1/namespaces/" + Pods.namespace(pod) + (secret ? "/secrets/" : "/configmaps/")
                + reference.path("name").asText();
        try {
            client.read(path)
                    .path("data")
                    .properties()
                    .forEach(e -> all.put(
                            e.getKey(),
                            secret
                                    ? new String(
                                            Base64.getDecoder()
                                                    .decode(e.getValue().asText()),
                                            StandardCharsets.UTF_8)
                                    : e.getValue().asText()));
        } catch (ApiException e) {
            if (e.code() != 404 || !reference.path("optional").asBoolean(false)) {
                throw new ConfigException(ERROR, String.valueOf(e.getMessage()));
            }
        }
        return all;
    }

    private void services(JsonNode pod, Map<String, String> all) throws IOException {
        client.find("/api/v1/namespaces/default/services/kubernetes").ifPresent(s -> service(s, all));
        if (pod.path("spec").path("enableServiceLinks").asBoolean(true)) {
            client.read("/api/v1/namespaces/" + Pods.namespace(pod) + "/services")
                    .path("items")
                    .forEach(s -> service(s, all));
        }
    }

    private static void service(JsonNode service, Map<String, String> all) {
        String address = service.path("spec").path("clusterIP").asText("");
        if (address.isEmpty() || address.equals("None")) {
            return;
        }
        String name = Pods.name(service).toUpperCase(Locale.ROOT).replace('-', '_');
        all.put(name + "_SERVICE_HOST", address);
        boolean first = true;
        for (JsonNode port : service.path("spec").path("ports")) {
            String number = port.path("port").asText();
            String protocol = port.path("protocol").asText("TCP");
            String url = protocol.toLowerCase(Locale.ROOT) + "://" + address + ":" + number;
            if (first) {
                all.put(name + "_SERVICE_PORT", number);
                all.put(name + "_PORT", url);
            }
            first = false;
            if (port.hasNonNull("name")) {
                all.put(
                        name + "_SERVICE_PORT_"
                                + port.path("name")
                                        .asText()
                                        .toUpperCase(Locale.ROOT)
                                        .replace('-', '_'),
                        number);
            }
            String prefix = name + "_PORT_" + number + "_" + protocol;
            all.put(prefix, url);
            all.put(prefix + "_PROTO", protocol.toLowerCase(Locale.ROOT));
            all.put(prefix + "_PORT", number);
            all.put(prefix + "_ADDR", address);
        }
    }
}
