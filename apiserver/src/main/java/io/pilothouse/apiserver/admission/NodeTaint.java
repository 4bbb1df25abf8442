package io.pilothouse.apiserver.admission;

/** TaintNodesByCondition: a new node takes no pods until it has been seen to be ready. */
public final class NodeTaint implements AdmissionPlugin {
    private static final String NOT_READY = "node.kubernetes.io/not-ready";

    @Override
    public String name() {
        return "TaintNodesByCondition";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        var node = request.object();
        if (node == null
                || !request.operation().equals("CREATE")
                || !request.is("", "nodes")
                || !request.subresource().isEmpty()) {
            return;
        }
        for (var taint : node.path("spec").path("taints")) {
            if (taint.path("key").asText().equals(NOT_READY)) {
                return;
            }
        }
        node.withObjectProperty("spec")
                .withArrayProperty("taints")
                .addObject()
                .put("key", NOT_READY)
                .put("effect", "NoSchedule");
    }
}
