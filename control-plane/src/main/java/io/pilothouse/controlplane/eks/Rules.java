package io.pilothouse.controlplane.eks;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What several operations demand of their input. */
final class Rules {
    /** The one Kubernetes version there is. */
    static final String VERSION = "1.36";

    private static final Pattern CLUSTER = Pattern.compile("^[0-9A-Za-z][A-Za-z0-9\\-_]*$");
    private static final Pattern ROLE = Pattern.compile("^arn:aws[a-z-]*:iam::\\d{12}:role/.+$");
    private static final int MAX_TAGS = 50;

    private Rules() {}

    static void clusterName(String name) {
        if (name.length() > 100 || !CLUSTER.matcher(name).matches()) {
            throw EksException.invalidParameter(
                            "The cluster name '" + name
                                    + "' is not valid: it can contain only alphanumeric characters, hyphens"
                                    + " and underscores, must start with an alphanumeric character and can't be longer than 100 characters.")
                    .about("clusterName", name);
        }
    }

    static String role(String arn, String parameter) {
        if (!ROLE.matcher(arn).matches()) {
            throw EksException.invalidParameter("The " + parameter + " '" + arn + "' is not the ARN of an IAM role.");
        }
        return arn;
    }

    static String version(String wanted) {
        if (!wanted.equals(VERSION)) {
            throw EksException.invalidParameter(
                    "unsupported Kubernetes version " + wanted + ": supported is " + VERSION + ".");
        }
        return wanted;
    }

    static Map<String, String> tags(Map<String, String> tags) {
        if (tags.size() > MAX_TAGS) {
            throw EksException.invalidParameter("A resource can have " + MAX_TAGS + " tags at most.");
        }
        tags.forEach((key, value) -> {
            if (key.isEmpty() || key.length() > 128 || value.length() > 256 || key.startsWith("aws:")) {
                throw EksException.invalidParameter(
                        "The tag '" + key
                                + "' is not valid: keys have 1 to 128 characters and don't start with aws:, values have 256 at most.");
            }
        });
        return tags;
    }

    /** The VPC of subnets that must exist and be in one VPC. */
    static String vpcOf(EksContext context, List<String> subnets) {
        List<String> vpcs = subnets.stream()
                .map(id -> context.cloud()
                        .ec2()
                        .subnets()
                        .find(id)
                        .orElseThrow(() -> EksException.invalidParameter("The subnet ID '" + id + "' does not exist"))
                        .vpcId())
                .distinct()
                .toList();
        if (vpcs.size() != 1) {
            throw EksException.invalidParameter("The subnets must be in one VPC, not in " + vpcs + ".");
        }
        return vpcs.getFirst();
    }
}
