package io.pilothouse.apiserver.admission.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;

/** LimitRanger: a namespace's limit ranges say what containers ask for by default, and how much pods, containers and claims may ask for. */
public final class LimitRanger implements AdmissionPlugin {
    private static final GroupResource RANGES = new GroupResource("", "limitranges");
    private static final String ANNOTATION = "kubernetes.io/limit-ranger";

    private final ClusterView cluster;

    public LimitRanger(ClusterView cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "LimitRanger";
    }

    private static boolean concerns(AdmissionRequest request) {
        boolean resize = request.updates()
                && request.is("", "pods")
                && request.subresource().equals("resize");
        boolean limited = (request.isWhole("", "pods") && request.creates())
                || (request.isWhole("", "persistentvolumeclaims") && (request.creates() || request.updates()));
        var old = request.old();
        return (resize || limited) && (old == null || !ObjectMeta.isTerminating(old));
    }

    @Override
    public void mutate(AdmissionRequest request) {
        var pod = request.object();
        if (pod != null && concerns(request) && request.is("", "pods")) {
            for (var range : cluster.lookAll(RANGES, request.namespace())) {
                fill(pod, range);
            }
        }
    }

    /** Gives containers what a range says that they ask for by default, and notes it on the pod. */
    private static void fill(ObjectNode pod, JsonNode range) {
        List<String> notes = new ArrayList<>();
        fill(pod.path("spec").path("containers"), range, "container", notes);
        fill(pod.path("spec").path("initContainers"), range, "init container", notes);
        if (!notes.isEmpty()) {
            var annotations = ObjectMeta.annotations(pod);
            annotations.put(ANNOTATION, "LimitRanger plugin set: " + String.join("; ", notes));
            ObjectMeta.setAnnotations(pod, annotations);
        }
    }

    private static void fill(JsonNode containers, JsonNode range, String what, List<String> notes) {
        for (var node : containers) {
            if (node instanceof ObjectNode container) {
                String name = container.path("name").asText("");
                fill(container, range, "requests", "defaultRequest", " request for " + what + " " + name, notes);
                fill(container, range, "limits", "default", " limit for " + what + " " + name, notes);
            }
        }
    }

    private static void fill(
            ObjectNode container, JsonNode range, String list, String defaults, String words, List<String> notes) {
        List<String> set = new ArrayList<>();
        for (var limit : range.path("spec").path("limits")) {
            if (!limit.path("type").asText("").equals("Container")) {
                continue;
            }
            for (var value : limit.path(defaults).properties()) {
                if (!container.path("resources").path(list).has(value.getKey())) {
                    container
                            .withObjectProperty("resources")
                            .withObjectProperty(list)
                            .set(value.getKey(), value.getValue());
                    set.add(value.getKey());
                }
            }
        }
        if (!set.isEmpty()) {
            set.sort(null);
            notes.add(String.join(", ", set) + words);
        }
    }

    @Override
    public void validate(AdmissionRequest request) {
        var object = request.object();
        if (object == null || !concerns(request)) {
            return;
        }
        for (var range : cluster.lookAll(RANGES, request.namespace())) {
            var errors = request.is("", "pods") ? LimitRules.pod(range, object) : LimitRules.claim(range, object);
            if (errors.size() == 1) {
                throw request.forbidden(errors.getFirst());
            }
            if (!errors.isEmpty()) {
                throw request.forbidden("[" + String.join(", ", errors) + "]");
            }
        }
    }
}
