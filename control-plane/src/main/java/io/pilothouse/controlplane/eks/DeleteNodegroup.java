package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;

/** DeleteNodegroup: marks it; the reconciler ends its instances. */
record DeleteNodegroup(EksContext context) implements Operation {
    @Override
    public String route() {
        return "DELETE /clusters/{name}/node-groups/{nodegroupName}";
    }

    @Override
    public JsonNode handle(EksCall call) {
        NodegroupRecord present = context.store().nodegroup(call.path("name"), call.path("nodegroupName"));
        NodegroupRecord marked = context.store()
                .nodegroups()
                .update(
                        EksStore.key(present.cluster(), present.name()),
                        n -> n.in(NodegroupRecord.Status.DELETING, context.now()))
                .orElse(present);
        context.changes().nodegroup(present.cluster(), present.name());
        return Views.of("nodegroup", new Views(context).nodegroup(marked));
    }
}
