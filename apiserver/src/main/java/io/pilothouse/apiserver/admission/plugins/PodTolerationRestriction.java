package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.Optional;

/** PodTolerationRestriction: a namespace's annotations, or the configuration, say what its pods tolerate, and what they may tolerate. */
public final class PodTolerationRestriction implements AdmissionPlugin {
    private static final GroupResource NAMESPACES = new GroupResource("", "namespaces");
    private static final String DEFAULTS = "scheduler.alpha.kubernetes.io/defaultTolerations";
    private static final String ALLOWED = "scheduler.alpha.kubernetes.io/tolerationsWhitelist";

    private final ClusterView cluster;
    private final JsonNode configuration;

    /** @param configuration a Configuration of podtolerationrestriction.admission.k8s.io, or missing */
    public PodTolerationRestriction(ClusterView cluster, JsonNode configuration) {
        this.cluster = cluster;
        this.configuration = configuration;
    }

    @Override
    public String name() {
        return "PodTolerationRestriction";
    }

    private static boolean concerns(AdmissionRequest request) {
        return request.isWhole("", "pods") && (request.creates() || request.updates());
    }

    @Override
    public void mutate(AdmissionRequest request) {
        var pod = request.object();
        if (pod == null || !concerns(request)) {
            return;
        }
        ArrayNode extra = JsonNodeFactory.instance.arrayNode();
        if (request.creates()) {
            extra.addAll(annotation(request, DEFAULTS).orElseGet(() -> list(configuration.path("default"))));
        }
        if (!pod.path("status").path("qosClass").asText(quality(pod)).equals("BestEffort")) {
            extra.addObject()
                    .put("key", "node.kubernetes.io/memory-pressure")
                    .put("operator", "Exists")
                    .put("effect", "NoSchedule");
        }
        if (!extra.isEmpty()) {
            var merged = Tolerations.merge(pod.path("spec").path("tolerations").deepCopy(), extra);
            pod.withObjectProperty("spec").putArray("tolerations").addAll(merged);
        }
        validate(request);
    }

    /** A new pod has no quality of service yet: one that asks for nothing gets the best effort. */
    private static String quality(ObjectNode pod) {
        for (String list : new String[] {"initContainers", "containers"}) {
            for (var container : pod.path("spec").path(list)) {
                for (String amounts : new String[] {"requests", "limits"}) {
                    var given = container.path("resources").path(amounts);
                    if (given.has("cpu") || given.has("memory")) {
                        return "Burstable";
                    }
                }
            }
        }
        return "BestEffort";
    }

    @Override
    public void validate(AdmissionRequest request) {
        var pod = request.object();
        if (pod == null
                || !concerns(request)
                || pod.path("spec").path("tolerations").isEmpty()) {
            return;
        }
        var ofNamespace = annotation(request, ALLOWED);
        JsonNode allowed = ofNamespace.isPresent() ? ofNamespace.get() : configuration.path("whitelist");
        if (allowed.isEmpty()) {
            return;
        }
        for (var toleration : pod.path("spec").path("tolerations")) {
            boolean covered = false;
            for (var one : allowed) {
                covered |= Tolerations.covers(one, toleration);
            }
            if (!covered) {
                // A plain error upstream, and so a fault of the server to the client.
                throw StatusException.of(
                        500,
                        "",
                        "pod tolerations (possibly merged with namespace default tolerations) conflict with its "
                                + (ofNamespace.isPresent() ? "namespace" : "cluster") + " whitelist");
            }
        }
    }

    private static ArrayNode list(JsonNode node) {
        return node instanceof ArrayNode array ? array : JsonNodeFactory.instance.arrayNode();
    }

    private Optional<ArrayNode> annotation(AdmissionRequest request, String key) {
        var namespace = cluster.find(NAMESPACES, "", request.namespace())
                .or(() -> cluster.findNow(NAMESPACES, "", request.namespace()))
                .orElseThrow(() -> StatusException.notFound(NAMESPACES, request.namespace()));
        try {
            return ObjectMeta.annotation(namespace, key)
                    .map(text -> text.isEmpty() ? JsonNodeFactory.instance.arrayNode() : list(Json.tree(text)));
        } catch (DecodeException e) {
            throw StatusException.of(500, "", String.valueOf(e.getMessage()));
        }
    }
}
