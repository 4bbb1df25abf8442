package io.pilothouse.controllers.certificates;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What {@link CertificateApprover} needs beyond upstream's policy, which lets the certificate controller approve client certificates only: upstream
 * leaves kubelets' serving certificates to somebody else, EKS approves them.
 */
public final class ServingApproverPolicy {
    private static final String NAME = "pilothouse:kubelet-serving-approver";
    private static final String GROUP = "rbac.authorization.k8s.io";

    private ServingApproverPolicy() {}

    /** A cluster role and its binding to the certificate controller, for an API server to keep like its own. */
    public static List<ObjectNode> objects() {
        var role = object("ClusterRole");
        var rule = role.putArray("rules").addObject();
        rule.putArray("apiGroups").add("certificates.k8s.io");
        rule.putArray("resources").add("signers");
        rule.putArray("resourceNames").add(Request.KUBELET_SERVING);
        rule.putArray("verbs").add("approve");
        var binding = object("ClusterRoleBinding");
        binding.putObject("roleRef")
                .put("apiGroup", GROUP)
                .put("kind", "ClusterRole")
                .put("name", NAME);
        binding.putArray("subjects")
                .addObject()
                .put("kind", "ServiceAccount")
                .put("namespace", "kube-system")
                .put("name", "certificate-controller");
        return List.of(role, binding);
    }

    private static ObjectNode object(String kind) {
        var object = JsonNodeFactory.instance.objectNode().put("kind", kind).put("apiVersion", GROUP + "/v1");
        object.putObject("metadata").put("name", NAME);
        return object;
    }
}
