package io.pilothouse.controlplane.nodegroup;

import io.pilothouse.cloud.ec2.CatalogueActions;
import io.pilothouse.cloud.ec2.Cidr;
import io.pilothouse.cloud.ec2.Ec2Model.LaunchData;
import io.pilothouse.controlplane.eks.ClusterRecord;
import io.pilothouse.controlplane.eks.EksContext;
import io.pilothouse.controlplane.eks.NodegroupRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a node group's instances are launched with. The user data calls bootstrap.sh as the CloudFormation template does. */
final class NodeLaunch {
    private NodeLaunch() {}

    static LaunchData data(EksContext context, ClusterRecord cluster, NodegroupRecord group) throws IOException {
        String userData = Base64.getEncoder()
                .encodeToString(script(context, cluster, group).getBytes(StandardCharsets.UTF_8));
        return new LaunchData(
                CatalogueActions.IMAGE,
                group.spec().instanceTypes().getFirst(),
                "",
                userData,
                context.cloud().iam().arns().instanceProfile("/", group.resource()),
                List.of(),
                "required",
                group.spec().diskGib(),
                Map.of("eks:cluster-name", group.cluster(), "eks:nodegroup-name", group.name()));
    }

    private static String script(EksContext context, ClusterRecord cluster, NodegroupRecord group) throws IOException {
        ClusterRecord.Layout layout = cluster.layout();
        if (layout == null) {
            throw new IllegalStateException("cluster " + cluster.name() + " has no endpoint yet");
        }
        String authority = Base64.getEncoder()
                .encodeToString(
                        Files.readAllBytes(context.directory(cluster.name()).resolve("pki/ca.crt")));
        List<String> labels = new ArrayList<>(
                List.of("eks.amazonaws.com/nodegroup=" + group.name(), "eks.amazonaws.com/capacityType=ON_DEMAND"));
        group.spec().labels().forEach((k, v) -> labels.add(k + "=" + v));
        StringBuilder kubelet = new StringBuilder("--node-labels=").append(String.join(",", labels));
        if (!group.spec().taints().isEmpty()) {
            List<String> taints = group.spec().taints().stream()
                    .map(t -> t.key() + "=" + t.value() + ":" + effect(t.effect()))
                    .toList();
            kubelet.append(" --register-with-taints=").append(String.join(",", taints));
        }
        return "#!/bin/bash\nset -ex\n/etc/eks/bootstrap.sh " + quote(cluster.name())
                + " --apiserver-endpoint " + quote(layout.url())
                + " --b64-cluster-ca " + authority
                + " --dns-cluster-ip "
                + Cidr.parse(cluster.spec().serviceCidr()).host(10)
                + " --kubelet-extra-args " + quote(kubelet.toString()) + "\n";
    }

    /** NO_SCHEDULE is NoSchedule in Kubernetes. */
    private static String effect(String eks) {
        StringBuilder out = new StringBuilder();
        for (String word : eks.split("_", -1)) {
            out.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return out.toString();
    }

    private static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
