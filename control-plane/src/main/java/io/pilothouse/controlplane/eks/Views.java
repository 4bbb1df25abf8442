package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.cloud.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Records as the API shows them. */
final class Views {
    private final EksContext context;

    Views(EksContext context) {
        this.context = context;
    }

    /** An object with one member. */
    static JsonNode of(String name, Object value) {
        return Json.tree(Map.of(name, value));
    }

    /** A page of a list. */
    static <T> JsonNode page(String name, EksCall.Page<T> page, java.util.function.Function<T, ?> view) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(name, page.items().stream().map(view).toList());
        page.nextToken().ifPresent(t -> answer.put("nextToken", t));
        return Json.tree(answer);
    }

    static double seconds(long millis) {
        return millis / 1000.0;
    }

    /** None of ours is about a resource of the customer's account. */
    private static List<?> issues(Stream<ClusterRecord.Issue> issues) {
        return issues.map(i -> Map.of("code", i.code(), "message", i.message(), "resourceIds", List.of()))
                .toList();
    }

    JsonNode cluster(ClusterRecord c) throws IOException {
        ClusterRecord.Spec spec = c.spec();
        Map<String, Object> v = new LinkedHashMap<>();
        v.put("name", c.name());
        v.put("arn", context.names().cluster(c.name()));
        v.put("id", c.id());
        v.put("createdAt", seconds(c.createdMillis()));
        v.put("version", spec.version());
        v.put("platformVersion", "eks.1");
        v.put("roleArn", spec.roleArn());
        v.put("status", c.status().name());
        v.put(
                "resourcesVpcConfig",
                Map.of(
                        "subnetIds",
                        spec.subnetIds(),
                        "securityGroupIds",
                        spec.securityGroupIds(),
                        "vpcId",
                        spec.vpcId(),
                        "endpointPublicAccess",
                        true,
                        "endpointPrivateAccess",
                        false,
                        "publicAccessCidrs",
                        List.of("0.0.0.0/0")));
        v.put(
                "kubernetesNetworkConfig",
                Map.of(
                        "serviceIpv4Cidr",
                        spec.serviceCidr(),
                        "ipFamily",
                        "ipv4",
                        "elasticLoadBalancing",
                        Map.of("enabled", false)));
        v.put(
                "logging",
                Map.of(
                        "clusterLogging",
                        List.of(Map.of(
                                "types",
                                List.of("api", "audit", "authenticator", "controllerManager", "scheduler"),
                                "enabled",
                                false))));
        v.put("identity", Map.of("oidc", Map.of("issuer", context.names().issuer(c))));
        ClusterRecord.Layout layout = c.layout();
        if (layout != null && c.status() != ClusterRecord.Status.CREATING) {
            v.put("endpoint", layout.url());
        }
        authority(c.name()).ifPresent(data -> v.put("certificateAuthority", Map.of("data", data)));
        // EKS tells whether the creator became admin at the creation only, as null; clients don't read it.
        v.put(
                "accessConfig",
                Map.of(
                        "authenticationMode",
                        spec.authenticationMode().name(),
                        "bootstrapClusterCreatorAdminPermissions",
                        spec.bootstrapAdmin()));
        v.put("upgradePolicy", Map.of("supportType", spec.supportType()));
        v.put("deletionProtection", spec.deletionProtection());
        v.put(
                "health",
                Map.of("issues", issues(Stream.concat(c.issues().stream(), context.health().of(c.name()).stream()))));
        v.put("tags", spec.tags());
        v.put("clientRequestToken", c.idempotency().token());
        return Json.tree(v);
    }

    /** The cluster's authority as the API gives it: base64 of PEM. */
    Optional<String> authority(String cluster) throws IOException {
        Path file = context.directory(cluster).resolve("pki/ca.crt");
        return Files.exists(file)
                ? Optional.of(Base64.getEncoder().encodeToString(Files.readAllBytes(file)))
                : Optional.empty();
    }

    JsonNode nodegroup(NodegroupRecord n) {
        NodegroupRecord.Spec spec = n.spec();
        Map<String, Object> v = new LinkedHashMap<>();
        v.put("nodegroupName", n.name());
        v.put("nodegroupArn", context.names().nodegroup(n));
        v.put("clusterName", n.cluster());
        v.put("version", spec.version());
        v.put("releaseVersion", spec.version() + ".0-1");
        v.put("createdAt", seconds(n.createdMillis()));
        v.put("modifiedAt", seconds(n.modifiedMillis()));
        v.put("status", n.status().name());
        v.put("capacityType", "ON_DEMAND");
        v.put("scalingConfig", scaling(spec.scaling()));
        v.put("instanceTypes", spec.instanceTypes());
        v.put("subnets", spec.subnets());
        v.put("amiType", spec.amiType());
        v.put("nodeRole", spec.nodeRole());
        v.put("labels", spec.labels());
        if (!spec.taints().isEmpty()) {
            v.put("taints", spec.taints());
        }
        v.put("resources", Map.of("autoScalingGroups", List.of(Map.of("name", n.resource()))));
        v.put("diskSize", spec.diskGib());
        v.put("health", Map.of("issues", issues(n.issues().stream())));
        v.put("updateConfig", Map.of("maxUnavailable", 1));
        v.put("tags", spec.tags());
        return Json.tree(v);
    }

    static Map<String, Object> scaling(NodegroupRecord.Scaling s) {
        return Map.of("minSize", s.min(), "maxSize", s.max(), "desiredSize", s.desired());
    }

    JsonNode entry(AccessEntryRecord e) {
        Map<String, Object> v = new LinkedHashMap<>();
        v.put("clusterName", e.cluster());
        v.put("principalArn", e.principalArn());
        v.put("kubernetesGroups", e.groups());
        v.put("accessEntryArn", context.names().accessEntry(e));
        v.put("createdAt", seconds(e.createdMillis()));
        v.put("modifiedAt", seconds(e.modifiedMillis()));
        v.put("tags", e.tags());
        v.put("username", e.username());
        v.put("type", e.type());
        return Json.tree(v);
    }

    static ObjectNode policy(AccessEntryRecord.Policy p) {
        return Json.object(Map.of(
                "policyArn",
                p.arn(),
                "accessScope",
                Map.of("type", p.scope(), "namespaces", p.namespaces()),
                "associatedAt",
                seconds(p.associatedMillis()),
                "modifiedAt",
                seconds(p.modifiedMillis())));
    }

    static JsonNode update(UpdateRecord u) {
        return Json.tree(Map.of(
                "id",
                u.id(),
                "status",
                u.status(),
                "type",
                u.type(),
                "createdAt",
                seconds(u.createdMillis()),
                "params",
                u.params().entrySet().stream()
                        .map(p -> Map.of("type", p.getKey(), "value", p.getValue()))
                        .toList(),
                "errors",
                u.errors().stream()
                        .map(e -> Map.of("errorCode", e.code(), "errorMessage", e.message()))
                        .toList()));
    }
}
