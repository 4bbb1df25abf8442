package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.controlplane.eks.ClusterRecord.Status;
import io.pilothouse.iam.mapping.AuthenticationMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** UpdateClusterConfig: the authentication mode and deletion protection; what else there is is refused. */
record UpdateClusterConfig(EksContext context) implements Operation {
    private static final List<String> CHANGES =
            List.of("accessConfig", "logging", "resourcesVpcConfig", "deletionProtection");

    @Override
    public String route() {
        return "POST /clusters/{name}/update-config";
    }

    @Override
    public JsonNode handle(EksCall call) {
        call.body().only("accessConfig", "logging", "resourcesVpcConfig", "deletionProtection", "clientRequestToken");
        String name = call.path("name");
        ClusterRecord cluster = context.store().cluster(name);
        ClusterRecord.Idempotency idempotency = call.idempotency();
        for (UpdateRecord earlier : context.store().updatesOf(name)) {
            if (earlier.idempotency().equals(idempotency)) {
                return Views.of("update", Views.update(earlier));
            }
        }
        if (CHANGES.stream().filter(call.body()::has).count() != 1) {
            throw EksException.invalidParameter("An update changes exactly one of " + CHANGES + ".")
                    .about("clusterName", name);
        }
        if (cluster.status() != Status.ACTIVE) {
            throw EksException.inUse("Cluster is not in ACTIVE state: " + cluster.status())
                    .about("clusterName", name);
        }
        if (call.body().has("resourcesVpcConfig")) {
            CreateCluster.endpointAccess(call.body()
                    .object("resourcesVpcConfig")
                    .only("endpointPublicAccess", "endpointPrivateAccess", "publicAccessCidrs"));
            throw EksException.invalidParameter("Cluster is already at the desired endpoint configuration")
                    .about("clusterName", name);
        }
        if (call.body().has("logging")) {
            ClusterLogging.refuseEnabled(call.body().object("logging"));
            throw EksException.invalidParameter("No changes needed for the logging config provided")
                    .about("clusterName", name);
        }
        if (call.body().has("deletionProtection")) {
            boolean on = call.body().bool("deletionProtection", false);
            return apply(
                    cluster,
                    cluster.spec().protectedFromDeletion(on),
                    "DeletionProtectionUpdate",
                    Map.of("DeletionProtection", String.valueOf(on)),
                    idempotency);
        }
        String mode = call.body()
                .object("accessConfig")
                .only("authenticationMode")
                .oneOf("authenticationMode", "", Set.of("CONFIG_MAP", "API_AND_CONFIG_MAP", "API"));
        AuthenticationMode wanted = AuthenticationMode.valueOf(mode);
        List<AuthenticationMode> order = List.of(AuthenticationMode.values());
        int step = order.indexOf(wanted) - order.indexOf(cluster.spec().authenticationMode());
        if (step == 0) {
            throw EksException.invalidRequest("Cluster is already at the desired authentication mode " + mode)
                    .about("clusterName", name);
        }
        if (step != 1) {
            throw EksException.invalidRequest("Unsupported authentication mode update from "
                            + cluster.spec().authenticationMode() + " to " + mode)
                    .about("clusterName", name);
        }
        // Entries that EKS kept to itself are the customer's to see from now on.
        context.store()
                .entriesOf(name)
                .forEach(e -> context.store()
                        .entries()
                        .update(EksStore.key(name, e.principalArn()), AccessEntryRecord::shown));
        return apply(
                cluster,
                cluster.spec().authenticated(wanted),
                "AccessConfigUpdate",
                Map.of("AuthenticationMode", mode),
                idempotency);
    }

    private JsonNode apply(
            ClusterRecord cluster,
            ClusterRecord.Spec spec,
            String type,
            Map<String, String> params,
            ClusterRecord.Idempotency idempotency) {
        UpdateRecord update = new UpdateRecord(
                cluster.name(),
                "",
                UUID.randomUUID().toString(),
                type,
                "InProgress",
                params,
                List.of(),
                idempotency,
                context.now());
        context.store().updates().insert(EksStore.key(cluster.name(), update.id()), update);
        context.store().clusters().update(cluster.name(), c -> c.with(spec).in(Status.UPDATING));
        context.changes().cluster(cluster.name());
        return Views.of("update", Views.update(update));
    }
}
