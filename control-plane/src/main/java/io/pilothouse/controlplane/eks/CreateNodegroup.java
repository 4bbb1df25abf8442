package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.iam.IamModel;
import io.pilothouse.controlplane.eks.ClusterRecord.Status;
import io.pilothouse.controlplane.eks.NodegroupRecord.Scaling;
import io.pilothouse.controlplane.eks.NodegroupRecord.Spec;
import io.pilothouse.controlplane.eks.NodegroupRecord.Taint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** CreateNodegroup: records the group; the reconciler makes its template and its Auto Scaling group. */
record CreateNodegroup(EksContext context) implements Operation {
    private static final int MAX_NODEGROUPS = 30;
    private static final int MAX_NODES = 450;

    @Override
    public String route() {
        return "POST /clusters/{name}/node-groups";
    }

    @Override
    public JsonNode handle(EksCall call) {
        call.body()
                .only(
                        "nodegroupName",
                        "scalingConfig",
                        "diskSize",
                        "subnets",
                        "instanceTypes",
                        "amiType",
                        "nodeRole",
                        "labels",
                        "taints",
                        "tags",
                        "clientRequestToken",
                        "capacityType",
                        "version");
        String cluster = call.path("name");
        ClusterRecord owner = context.store().cluster(cluster);
        String name = call.body().required("nodegroupName");
        if (!name.matches("[0-9A-Za-z][A-Za-z0-9_-]{0,62}")) {
            throw EksException.invalidParameter("The nodegroup name '" + name + "' is not valid.")
                    .about("nodegroupName", name);
        }
        ClusterRecord.Idempotency idempotency = call.idempotency();
        String key = EksStore.key(cluster, name);
        Optional<NodegroupRecord> present = context.store().nodegroups().find(key);
        if (present.isEmpty()) {
            if (owner.status() != Status.ACTIVE) {
                throw EksException.invalidRequest("Cluster '" + cluster + "' is not in ACTIVE status")
                        .about("clusterName", cluster);
            }
            if (context.store().nodegroupsOf(cluster).size() >= MAX_NODEGROUPS) {
                throw EksException.limit("A cluster can have " + MAX_NODEGROUPS + " node groups.")
                        .about("clusterName", cluster);
            }
            NodegroupRecord made = new NodegroupRecord(
                    cluster,
                    name,
                    UUID.randomUUID().toString(),
                    context.now(),
                    context.now(),
                    NodegroupRecord.Status.CREATING,
                    spec(call.body()),
                    idempotency,
                    List.of());
            if (context.store().nodegroups().insert(key, made)) {
                context.changes().nodegroup(cluster, name);
                return Views.of("nodegroup", new Views(context).nodegroup(made));
            }
            present = context.store().nodegroups().find(key);
        }
        if (present.isPresent() && present.get().idempotency().equals(idempotency)) {
            return Views.of("nodegroup", new Views(context).nodegroup(present.get()));
        }
        throw EksException.inUse("NodeGroup already exists with name " + name + " and cluster name " + cluster)
                .about("clusterName", cluster)
                .about("nodegroupName", name);
    }

    private Spec spec(Fields body) {
        String role = Rules.role(body.required("nodeRole"), "nodeRole");
        String roleName = role.substring(role.lastIndexOf('/') + 1);
        IamModel.Role known = context.cloud()
                .iam()
                .roles()
                .find(roleName)
                .orElseThrow(() -> EksException.invalidParameter(
                        "Following required service principals [ec2.amazonaws.com] were not found in the trust relationships of nodeRole "
                                + role));
        if (!known.trust().contains("ec2.")) {
            throw EksException.invalidParameter(
                    "Following required service principals [ec2.amazonaws.com] were not found in the trust relationships of nodeRole "
                            + role);
        }
        List<String> subnets = body.texts("subnets");
        if (subnets.isEmpty()) {
            throw EksException.invalidParameter("Subnets are required");
        }
        Rules.vpcOf(context, subnets);
        body.oneOf("capacityType", "ON_DEMAND", Set.of("ON_DEMAND"));
        List<String> types = body.texts("instanceTypes");
        int disk = body.integer("diskSize", 20);
        if (types.size() > 1 || disk < 1) {
            throw EksException.invalidRequest(
                    "One instance type and a disk of 1 GiB or more are supported by Pilothouse.");
        }
        return new Spec(
                role,
                subnets,
                types.isEmpty() ? List.of("t3.medium") : types,
                body.oneOf("amiType", "AL2023_x86_64_STANDARD", Set.of("AL2023_x86_64_STANDARD")),
                disk,
                scaling(body.object("scalingConfig"), new Scaling(1, 2, 2)),
                body.map("labels"),
                taints(body),
                Rules.tags(body.map("tags")),
                Rules.version(body.text("version").orElse(Rules.VERSION)));
    }

    private static List<Taint> taints(Fields body) {
        Set<String> effects = Set.of("NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE");
        return body.objects("taints").stream()
                .map(t -> new Taint(
                        t.only("key", "value", "effect").required("key"),
                        t.text("value").orElse(""),
                        t.oneOf("effect", "", effects)))
                .toList();
    }

    static Scaling scaling(Fields wanted, Scaling otherwise) {
        wanted.only("minSize", "maxSize", "desiredSize");
        Scaling s = new Scaling(
                wanted.integer("minSize", otherwise.min()),
                wanted.integer("maxSize", otherwise.max()),
                wanted.integer("desiredSize", otherwise.desired()));
        Map<String, Integer> named = Map.of("minSize", s.min(), "maxSize", s.max(), "desiredSize", s.desired());
        if (s.min() < 0 || s.max() < 1 || s.max() > MAX_NODES) {
            throw EksException.invalidParameter(
                    "The scaling configuration " + named + " is out of range: 0 to " + MAX_NODES + " nodes.");
        }
        if (s.min() > s.desired()) {
            throw EksException.invalidParameter(
                    "Minimum capacity " + s.min() + " can't be greater than desired size " + s.desired());
        }
        if (s.desired() > s.max()) {
            throw EksException.invalidParameter(
                    "desired capacity " + s.desired() + " can't be greater than max size " + s.max());
        }
        return s;
    }
}
