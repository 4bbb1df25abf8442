package io.pilothouse.iam.token;

import java.util.List;

/** The form of a principal's ARN that mappings name: an assumed role's session becomes the role. */
public final class CanonicalArn {
    private CanonicalArn() {}

    /**
     * Brings an ARN from STS to its canonical form.
     *
     * @throws IllegalArgumentException when it is no ARN of a principal
     */
    public static String of(String arn) {
        List<String> parts = List.of(arn.split(":", 6));
        if (parts.size() != 6
                || !parts.get(0).equals("arn")
                || !Partition.names().contains(parts.get(1))) {
            throw new IllegalArgumentException("arn '" + arn + "' is invalid");
        }
        List<String> resource = List.of(parts.get(5).split("/", -1));
        String prefix = "arn:" + parts.get(1) + ":iam::" + parts.get(4) + ":";
        return switch (parts.get(2) + " " + resource.getFirst()) {
            case "sts federated-user", "iam role", "iam user", "iam root" -> arn;
            case "sts assumed-role" -> {
                if (resource.size() < 3) {
                    throw new IllegalArgumentException("assumed-role arn '" + arn + "' does not have a role");
                }
                // The last part is the session; a role's path is not in the ARN that STS gives.
                yield prefix + "role/" + String.join("/", resource.subList(1, resource.size() - 1));
            }
            default -> throw new IllegalArgumentException("unrecognized resource in arn '" + arn + "'");
        };
    }
}
