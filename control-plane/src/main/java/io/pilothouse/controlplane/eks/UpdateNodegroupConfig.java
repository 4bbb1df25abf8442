package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** UpdateNodegroupConfig: its size. */
record UpdateNodegroupConfig(EksContext context) implements Operation {
    @Override
    public String route() {
        return "POST /clusters/{name}/node-groups/{nodegroupName}/update-config";
    }

    @Override
    public JsonNode handle(EksCall call) {
        call.body().only("scalingConfig", "clientRequestToken");
        NodegroupRecord present = context.store().nodegroup(call.path("name"), call.path("nodegroupName"));
        ClusterRecord.Idempotency idempotency = call.idempotency();
        for (UpdateRecord earlier : context.store().updatesOf(present.cluster())) {
            if (earlier.idempotency().equals(idempotency)) {
                return Views.of("update", Views.update(earlier));
            }
        }
        if (present.status() != NodegroupRecord.Status.ACTIVE && present.status() != NodegroupRecord.Status.DEGRADED) {
            throw EksException.inUse("Nodegroup cannot be updated as it is currently not in Active State")
                    .about("clusterName", present.cluster())
                    .about("nodegroupName", present.name());
        }
        if (!call.body().has("scalingConfig")) {
            throw EksException.invalidParameter("No update requested: scalingConfig is what can be changed.");
        }
        NodegroupRecord.Scaling size = CreateNodegroup.scaling(
                call.body().object("scalingConfig"), present.spec().scaling());
        UpdateRecord update = new UpdateRecord(
                present.cluster(),
                present.name(),
                UUID.randomUUID().toString(),
                "ConfigUpdate",
                "InProgress",
                Map.of(
                        "MinSize",
                        String.valueOf(size.min()),
                        "MaxSize",
                        String.valueOf(size.max()),
                        "DesiredSize",
                        String.valueOf(size.desired())),
                List.of(),
                idempotency,
                context.now());
        context.store().updates().insert(EksStore.key(present.cluster(), update.id()), update);
        context.store()
                .nodegroups()
                .update(
                        EksStore.key(present.cluster(), present.name()),
                        n -> n.with(n.spec().scaled(size), context.now())
                                .in(NodegroupRecord.Status.UPDATING, context.now()));
        context.changes().nodegroup(present.cluster(), present.name());
        return Views.of("update", Views.update(update));
    }
}
