package io.pilothouse.controlplane.eks;

import io.pilothouse.cloud.iam.Arns;
import io.pilothouse.cloud.sigv4.SigV4;
import java.nio.charset.StandardCharsets;

/** The ARNs of EKS. */
public record EksNames(Arns arns) {
    /** A cluster. */
    public String cluster(String name) {
        return arns.regional("eks", "cluster/" + name);
    }

    /** A node group. */
    public String nodegroup(NodegroupRecord n) {
        return arns.regional("eks", "nodegroup/" + n.cluster() + "/" + n.name() + "/" + n.id());
    }

    /** An access entry: {@code access-entry/CLUSTER/role/ACCOUNT/NAME/ID}. */
    public String accessEntry(AccessEntryRecord e) {
        String resource = e.principalArn().substring(e.principalArn().lastIndexOf(':') + 1);
        int slash = resource.indexOf('/');
        String kind = slash < 0 ? resource : resource.substring(0, slash);
        String name = slash < 0 ? resource : resource.substring(resource.lastIndexOf('/') + 1);
        return arns.regional(
                "eks", "access-entry/" + e.cluster() + "/" + kind + "/" + arns.account() + "/" + name + "/" + e.id());
    }

    /** An access policy. */
    public String accessPolicy(String name) {
        return "arn:" + arns.partition() + ":eks::aws:cluster-access-policy/" + name;
    }

    /** The issuer of a cluster's service account tokens. */
    public String issuer(ClusterRecord c) {
        String id = SigV4.hash(c.id().getBytes(StandardCharsets.UTF_8))
                .substring(0, 32)
                .toUpperCase(java.util.Locale.ROOT);
        return "https://oidc.eks." + arns.region() + ".amazonaws.com/id/" + id;
    }
}
