package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.List;

/** PodTopologyLabels: a pod that is bound to a node carries its zone and region. */
public final class PodTopologyLabels implements AdmissionPlugin {
    private static final GroupResource NODES = new GroupResource("", "nodes");
    private static final List<String> LABELS = List.of("topology.kubernetes.io/zone", "topology.kubernetes.io/region");

    private final ClusterView cluster;

    public PodTopologyLabels(ClusterView cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "PodTopologyLabels";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        var object = request.object();
        if (object == null || !request.creates() || !request.is("", "pods")) {
            return;
        }
        if (request.subresource().isEmpty()) {
            label(object, object.path("spec").path("nodeName").asText(""));
        } else if (request.subresource().equals("binding")
                && object.path("target").path("kind").asText("").equals("Node")) {
            label(object, object.path("target").path("name").asText(""));
        }
    }

    private void label(ObjectNode object, String nodeName) {
        if (nodeName.isEmpty()) {
            return;
        }
        cluster.find(NODES, "", nodeName).ifPresent(node -> {
            var labels = ObjectMeta.labels(object);
            var ofNode = ObjectMeta.labels(node);
            for (String label : LABELS) {
                String value = ofNode.get(label);
                if (value != null) {
                    labels.put(label, value);
                }
            }
            ObjectMeta.setLabels(object, labels);
        });
    }
}
