package io.pilothouse.controlplane.nodegroup;

import io.pilothouse.cloud.CloudParts;
import io.pilothouse.cloud.autoscaling.Group;
import io.pilothouse.cloud.ec2.Ec2Model.Instance;
import io.pilothouse.cloud.ec2.Ec2Model.LaunchTemplate;
import io.pilothouse.cloud.ec2.Ec2Model.TemplateVersion;
import io.pilothouse.cloud.iam.IamModel.InstanceProfile;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.controlplane.cluster.ReconcileLoop;
import io.pilothouse.controlplane.eks.AccessEntryRecord;
import io.pilothouse.controlplane.eks.ClusterRecord;
import io.pilothouse.controlplane.eks.EksContext;
import io.pilothouse.controlplane.eks.EksStore;
import io.pilothouse.controlplane.eks.NodegroupRecord;
import io.pilothouse.controlplane.eks.NodegroupRecord.Status;
import io.pilothouse.iam.mapping.AuthenticationMode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Brings node groups from what was asked for to instances: the role's access entry, an instance profile, a launch template and an Auto
 * Scaling group, all named after the group. A group is active when its nodes are Ready in the cluster.
 */
public final class NodegroupReconciler implements ReconcileLoop.Reconciler {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
    private static final long PATIENCE_MILLIS = 20 * 60_000;
    private final EksContext context;
    private final CloudParts cloud;

    /** Over the records of EKS and the customer's cloud. */
    public NodegroupReconciler(EksContext context) {
        this.context = context;
        this.cloud = context.cloud();
    }

    @Override
    public Optional<Duration> reconcile(String key) throws IOException {
        Optional<NodegroupRecord> found = context.store().nodegroups().find(key);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        NodegroupRecord group = found.get();
        ClusterRecord cluster = context.store().cluster(group.cluster());
        if (group.status() == Status.DELETING) {
            return remove(key, group);
        }
        try {
            accessEntry(group);
            profile(group);
            LaunchTemplate template = template(cluster, group);
            scale(group, template);
        } catch (AwsException e) {
            context.store()
                    .nodegroups()
                    .update(key, n -> n.hindered(List.of(new ClusterRecord.Issue("InternalFailure", e.detail()))));
            throw e;
        }
        return settle(key, cluster, group);
    }

    /** The nodes' role may join: as a node of the cluster, whatever the cluster's authentication mode. */
    private void accessEntry(NodegroupRecord group) {
        String arn = group.spec().nodeRole();
        ClusterRecord cluster = context.store().cluster(group.cluster());
        long now = context.now();
        AccessEntryRecord entry = new AccessEntryRecord(
                group.cluster(),
                group.id(),
                arn,
                cloud.iam().role(arn.substring(arn.lastIndexOf('/') + 1)).id(),
                "EC2_LINUX",
                "system:node:{{EC2PrivateDNSName}}",
                List.of("system:nodes"),
                List.of(),
                Map.of(),
                now,
                now,
                cluster.spec().authenticationMode() == AuthenticationMode.CONFIG_MAP);
        if (context.store().entries().insert(EksStore.key(group.cluster(), arn), entry)) {
            context.changes().cluster(group.cluster());
        }
    }

    private void profile(NodegroupRecord group) {
        String role = group.spec().nodeRole().substring(group.spec().nodeRole().lastIndexOf('/') + 1);
        cloud.iam()
                .profiles()
                .insert(
                        group.resource(),
                        new InstanceProfile(
                                group.resource(),
                                "/",
                                cloud.iam().ids().upper("AIPA", 16),
                                context.now(),
                                List.of(role),
                                tags(group)));
    }

    private static Map<String, String> tags(NodegroupRecord group) {
        Map<String, String> tags = new TreeMap<>(group.spec().tags());
        tags.put("eks:cluster-name", group.cluster());
        tags.put("eks:nodegroup-name", group.name());
        return tags;
    }

    private LaunchTemplate template(ClusterRecord cluster, NodegroupRecord group) throws IOException {
        Optional<LaunchTemplate> present = cloud.ec2().templates().list().stream()
                .filter(t -> t.name().equals(group.resource()))
                .findFirst();
        if (present.isPresent()) {
            return present.get();
        }
        TemplateVersion first = new TemplateVersion(1, context.now(), "", NodeLaunch.data(context, cluster, group));
        LaunchTemplate made = new LaunchTemplate(
                cloud.iam().ids().resource("lt"), group.resource(), context.now(), 1, List.of(first), tags(group));
        cloud.ec2().templates().insert(made.id(), made);
        return made;
    }

    private void scale(NodegroupRecord group, LaunchTemplate template) {
        NodegroupRecord.Scaling size = group.spec().scaling();
        if (!cloud.groups().exists(group.resource())) {
            List<Group.Tag> tags = List.of(
                    new Group.Tag("eks:cluster-name", group.cluster(), true),
                    new Group.Tag("eks:nodegroup-name", group.name(), true),
                    new Group.Tag("kubernetes.io/cluster/" + group.cluster(), "owned", true));
            cloud.groups()
                    .create(new Group(
                            group.resource(),
                            cloud.iam()
                                    .arns()
                                    .regional(
                                            "autoscaling",
                                            "autoScalingGroup:" + group.id() + ":autoScalingGroupName/"
                                                    + group.resource()),
                            size.min(),
                            size.max(),
                            size.desired(),
                            template.id(),
                            "$Latest",
                            group.spec().subnets(),
                            tags,
                            context.now(),
                            false));
        } else if (group.status() == Status.UPDATING) {
            cloud.groups().update(group.resource(), g -> g.sized(size.min(), size.max(), size.desired()));
        }
    }

    private Optional<Duration> settle(String key, ClusterRecord cluster, NodegroupRecord group) throws IOException {
        List<String> names = cloud.groups().members(group.resource()).stream()
                .map((Instance i) -> i.placement().dnsName())
                .toList();
        boolean ready = cloud.groups().isSettled(group.resource())
                && ReadyNodes.allReady(cluster, context.directory(cluster.name()), names);
        if (ready && group.status() != Status.ACTIVE) {
            context.store()
                    .nodegroups()
                    .update(
                            key,
                            n -> n.status() == Status.DELETING
                                    ? n
                                    : n.hindered(List.of()).in(Status.ACTIVE, context.now()));
            endUpdates(group, "Successful");
        } else if (!ready
                && group.status() == Status.CREATING
                && context.now() - group.createdMillis() > PATIENCE_MILLIS) {
            ClusterRecord.Issue issue =
                    new ClusterRecord.Issue("NodeCreationFailure", "Instances failed to join the kubernetes cluster");
            context.store()
                    .nodegroups()
                    .update(
                            key,
                            n -> n.status() == Status.DELETING
                                    ? n
                                    : n.hindered(List.of(issue)).in(Status.CREATE_FAILED, context.now()));
        }
        return Optional.of(ready ? LOOK_AGAIN : SOON);
    }

    private void endUpdates(NodegroupRecord group, String status) {
        context.store().updatesOf(group.cluster()).stream()
                .filter(u -> u.nodegroup().equals(group.name()) && u.status().equals("InProgress"))
                .forEach(u -> context.store()
                        .updates()
                        .update(EksStore.key(group.cluster(), u.id()), x -> x.ended(status, List.of())));
    }

    private Optional<Duration> remove(String key, NodegroupRecord group) {
        String resource = group.resource();
        if (cloud.groups().exists(resource)) {
            if (!cloud.groups().group(resource).deleting()) {
                cloud.groups().delete(resource, true);
            }
            return Optional.of(Duration.ofMillis(300));
        }
        cloud.ec2().templates().list().stream()
                .filter(t -> t.name().equals(resource))
                .forEach(t -> cloud.ec2().templates().remove(t.id()));
        cloud.iam().profiles().remove(resource);
        boolean shared = context.store().nodegroupsOf(group.cluster()).stream()
                .anyMatch(n -> !n.name().equals(group.name())
                        && n.spec().nodeRole().equals(group.spec().nodeRole()));
        if (!shared) {
            context.store()
                    .entries()
                    .remove(EksStore.key(group.cluster(), group.spec().nodeRole()));
            context.changes().cluster(group.cluster());
        }
        context.store().nodegroups().remove(key);
        return Optional.empty();
    }
}
