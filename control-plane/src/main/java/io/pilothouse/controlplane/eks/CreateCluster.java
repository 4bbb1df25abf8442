package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.ec2.Cidr;
import io.pilothouse.controlplane.eks.ClusterRecord.Creator;
import io.pilothouse.controlplane.eks.ClusterRecord.Idempotency;
import io.pilothouse.controlplane.eks.ClusterRecord.Spec;
import io.pilothouse.controlplane.eks.ClusterRecord.Status;
import io.pilothouse.iam.mapping.AuthenticationMode;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** CreateCluster: records the cluster; the reconciler builds it. */
record CreateCluster(EksContext context) implements Operation {
    private static final int MAX_CLUSTERS = 100;

    @Override
    public String route() {
        return "POST /clusters";
    }

    @Override
    public String resource(EksCall call, EksNames names) {
        return names.cluster(call.body().text("name").orElse("*"));
    }

    @Override
    public JsonNode handle(EksCall call) throws IOException {
        call.body()
                .only(
                        "name",
                        "version",
                        "roleArn",
                        "resourcesVpcConfig",
                        "kubernetesNetworkConfig",
                        "logging",
                        "clientRequestToken",
                        "tags",
                        "accessConfig",
                        "bootstrapSelfManagedAddons",
                        "upgradePolicy",
                        "deletionProtection");
        String name = call.body().required("name");
        Rules.clusterName(name);
        Idempotency idempotency = call.idempotency();
        Optional<ClusterRecord> present = context.store().clusters().find(name);
        if (present.isEmpty()) {
            Spec spec = spec(call.body());
            if (context.store().clusters().list().size() >= MAX_CLUSTERS) {
                throw EksException.limit(
                        "Cluster limit exceeded: an account can have " + MAX_CLUSTERS + " clusters in a region.");
            }
            ClusterRecord made = new ClusterRecord(
                    name,
                    UUID.randomUUID().toString(),
                    context.now(),
                    Status.CREATING,
                    spec,
                    new Creator(
                            Principals.canonical(call.caller(), context.cloud().iam()), Principals.id(call.caller())),
                    idempotency,
                    null,
                    List.of(),
                    null,
                    0);
            if (context.store().clusters().insert(name, made)) {
                context.changes().cluster(name);
                return Views.of("cluster", new Views(context).cluster(made));
            }
            present = context.store().clusters().find(name);
        }
        if (present.isPresent() && present.get().idempotency().equals(idempotency)) {
            return Views.of("cluster", new Views(context).cluster(present.get()));
        }
        throw EksException.inUse("Cluster already exists with name: " + name).about("clusterName", name);
    }

    private Spec spec(Fields body) {
        Fields vpc = body.object("resourcesVpcConfig")
                .only(
                        "subnetIds",
                        "securityGroupIds",
                        "endpointPublicAccess",
                        "endpointPrivateAccess",
                        "publicAccessCidrs");
        String role = Rules.role(body.required("roleArn"), "roleArn");
        List<String> subnets = vpc.texts("subnetIds");
        if (new HashSet<>(subnets).size() < 2) {
            throw EksException.invalidParameter("Subnets specified must be in at least two different AZs");
        }
        String vpcId = Rules.vpcOf(context, subnets);
        long zones = subnets.stream()
                .map(s -> context.cloud().ec2().subnet(s).zone())
                .distinct()
                .count();
        if (zones < 2) {
            throw EksException.invalidParameter("Subnets specified must be in at least two different AZs");
        }
        List<String> groups = vpc.texts("securityGroupIds");
        if (groups.size() > 5) {
            throw EksException.invalidParameter("A cluster can have 5 security groups at most.");
        }
        for (String group : groups) {
            if (context.cloud().ec2().groups().find(group).isEmpty()) {
                throw EksException.invalidParameter("The security group '" + group + "' does not exist");
            }
        }
        endpointAccess(vpc);
        ClusterLogging.refuseEnabled(body.object("logging"));
        if (body.bool("bootstrapSelfManagedAddons", false)) {
            throw EksException.invalidRequest(
                    "bootstrapSelfManagedAddons is not supported by Pilothouse: its nodes bring network and DNS themselves.");
        }
        Fields access =
                body.object("accessConfig").only("authenticationMode", "bootstrapClusterCreatorAdminPermissions");
        String mode =
                access.oneOf("authenticationMode", "CONFIG_MAP", Set.of("CONFIG_MAP", "API_AND_CONFIG_MAP", "API"));
        boolean bootstrapAdmin = access.bool("bootstrapClusterCreatorAdminPermissions", true);
        if (mode.equals("CONFIG_MAP") && !bootstrapAdmin) {
            throw EksException.invalidParameter(
                    "bootstrapClusterCreatorAdminPermissions must be true if cluster authentication mode is set to CONFIG_MAP");
        }
        String support = body.object("upgradePolicy")
                .only("supportType")
                .oneOf("supportType", "EXTENDED", Set.of("STANDARD", "EXTENDED"));
        return new Spec(
                Rules.version(body.text("version").orElse(Rules.VERSION)),
                role,
                subnets,
                groups,
                vpcId,
                serviceCidr(body, vpcId),
                AuthenticationMode.valueOf(mode),
                bootstrapAdmin,
                support,
                body.bool("deletionProtection", false),
                Rules.tags(body.map("tags")));
    }

    static void endpointAccess(Fields vpc) {
        List<String> cidrs = vpc.texts("publicAccessCidrs");
        if (!vpc.bool("endpointPublicAccess", true)
                || vpc.bool("endpointPrivateAccess", false)
                || !(cidrs.isEmpty() || cidrs.equals(List.of("0.0.0.0/0")))) {
            throw EksException.invalidRequest(
                    "Limits of endpoint access are not supported by Pilothouse: the endpoint is public to its network, for 0.0.0.0/0.");
        }
    }

    private String serviceCidr(Fields body, String vpcId) {
        Fields network = body.object("kubernetesNetworkConfig").only("serviceIpv4Cidr", "ipFamily");
        network.oneOf("ipFamily", "ipv4", Set.of("ipv4"));
        String vpcCidr = context.cloud().ec2().vpcs().find(vpcId).orElseThrow().cidr();
        String wanted =
                network.text("serviceIpv4Cidr").orElse(vpcCidr.startsWith("10.") ? "172.20.0.0/16" : "10.100.0.0/16");
        try {
            Cidr cidr = Cidr.parse(wanted);
            boolean isPrivate = List.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16").stream()
                    .anyMatch(p -> Cidr.parse(p).overlaps(cidr));
            if (!isPrivate
                    || cidr.bits() < 12
                    || cidr.bits() > 24
                    || cidr.overlaps(Cidr.parse(vpcCidr))
                    || !cidr.toString().equals(wanted)) {
                throw new IllegalArgumentException("out of range");
            }
            return wanted;
        } catch (IllegalArgumentException e) {
            throw EksException.invalidParameter("serviceIpv4Cidr " + wanted
                    + " is not valid: it must be a private network (RFC 1918) of /24 to /12 apart from the VPC's "
                    + vpcCidr + ".");
        }
    }
}
