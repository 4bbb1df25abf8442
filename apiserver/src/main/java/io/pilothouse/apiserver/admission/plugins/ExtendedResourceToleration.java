package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.TreeSet;

/** ExtendedResourceToleration: a pod that asks for a device tolerates the taint that keeps others off the nodes with it. */
public final class ExtendedResourceToleration implements AdmissionPlugin {
    @Override
    public String name() {
        return "ExtendedResourceToleration";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        var pod = request.object();
        if (pod == null || !request.isWhole("", "pods") || !(request.creates() || request.updates())) {
            return;
        }
        var resources = new TreeSet<String>();
        for (String list : new String[] {"containers", "initContainers"}) {
            for (var container : pod.path("spec").path(list)) {
                container.path("resources").path("requests").fieldNames().forEachRemaining(name -> {
                    if (isExtended(name)) {
                        resources.add(name);
                    }
                });
            }
        }
        for (String resource : resources) {
            tolerate(pod, resource);
        }
    }

    /** Whether a resource is named in a domain other than Kubernetes' own. */
    static boolean isExtended(String resource) {
        return resource.indexOf('/') >= 0
                && !resource.contains("kubernetes.io/")
                && !resource.startsWith("requests.")
                && LabelFormat.key("requests." + resource).isEmpty();
    }

    private static void tolerate(ObjectNode pod, String resource) {
        var wanted = JsonNodeFactory.instance
                .objectNode()
                .put("key", resource)
                .put("operator", "Exists")
                .put("effect", "NoSchedule");
        ArrayNode tolerations = pod.withObjectProperty("spec").withArrayProperty("tolerations");
        for (int i = 0; i < tolerations.size(); i++) {
            JsonNode present = tolerations.get(i);
            if (Tolerations.match(present, wanted)) {
                tolerations.set(i, wanted);
                return;
            }
        }
        tolerations.add(wanted);
    }
}
