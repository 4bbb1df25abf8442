package io.pilothouse.controlplane.eks;

import io.pilothouse.iam.mapping.AuthenticationMode;
import io.pilothouse.iam.policy.AccessPolicies;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules of access entries. */
final class AccessEntries {
    static final Set<String> TYPES =
            Set.of("STANDARD", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "EC2", "HYBRID_LINUX", "HYPERPOD_LINUX");
    private static final Pattern PRINCIPAL = Pattern.compile("^arn:aws[a-z-]*:iam::\\d{12}:(root|(role|user)/.+)$");
    private static final List<String> RESERVED = List.of("system:", "eks:", "aws:", "amazon:", "iam:");

    private AccessEntries() {}

    static void requireApi(ClusterRecord cluster) {
        if (cluster.spec().authenticationMode() == AuthenticationMode.CONFIG_MAP) {
            throw EksException.invalidRequest(
                            "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.")
                    .about("clusterName", cluster.name());
        }
    }

    /** The user name of an entry: the wanted one if it may be, or else the type's own. */
    static String username(EksContext context, String arn, String type, String wanted, List<String> groups) {
        if (!PRINCIPAL.matcher(arn).matches()) {
            throw EksException.invalidParameter("The principalArn parameter format is not valid");
        }
        boolean role = arn.contains(":role/");
        String name = arn.substring(arn.lastIndexOf('/') + 1);
        if (type.equals("STANDARD")) {
            if (groups.stream().anyMatch(g -> RESERVED.stream().anyMatch(g::startsWith))) {
                throw EksException.invalidParameter("The kubernetes group name " + groups
                        + " is invalid, it cannot start with system:, eks:, aws:, amazon: or iam:");
            }
            if (wanted.isEmpty()) {
                return role ? context.names().arns().assumedRole(name, "{{SessionName}}") : arn;
            }
            if (RESERVED.stream().anyMatch(wanted::startsWith)) {
                throw EksException.invalidParameter("The username '" + wanted
                        + "' is not valid: it cannot start with system:, eks:, aws:, amazon: or iam:");
            }
            if (wanted.contains("{{SessionName}}") && wanted.lastIndexOf(':', wanted.indexOf("{{SessionName}}")) < 0) {
                throw EksException.invalidParameter(
                        "The username '" + wanted + "' is not valid: {{SessionName}} needs a colon before it");
            }
            return wanted;
        }
        String own = type.startsWith("EC2") ? "system:node:{{EC2PrivateDNSName}}" : "system:node:{{SessionName}}";
        if (!role || !arn.contains("::" + context.names().arns().account() + ":")) {
            throw EksException.invalidParameter(
                    "The principal of an access entry of type " + type + " must be a role of the cluster's account.");
        }
        if (!groups.isEmpty() || !(wanted.isEmpty() || wanted.equals(own))) {
            throw EksException.invalidParameter(
                    "An access entry of type " + type + " takes neither a username nor groups.");
        }
        return own;
    }

    /** The groups of nodes are theirs by type, not by what an entry says. */
    static List<String> groupsOf(String type, List<String> groups) {
        return type.startsWith("EC2")
                ? List.of("system:nodes")
                : type.equals("STANDARD") ? groups : List.of("system:bootstrappers", "system:nodes");
    }

    static String policy(EksContext context, String arn) {
        if (AccessPolicies.names().stream()
                .noneMatch(n -> context.names().accessPolicy(n).equals(arn))) {
            throw EksException.invalidParameter(
                    "The policyArn parameter format is not valid, or there is no such policy: " + arn);
        }
        return arn;
    }
}
