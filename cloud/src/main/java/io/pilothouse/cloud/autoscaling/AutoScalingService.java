package io.pilothouse.cloud.autoscaling;

import io.pilothouse.cloud.ec2.Ec2Model.Instance;
import io.pilothouse.cloud.ec2.Ec2Store;
import io.pilothouse.cloud.ec2.InstanceService;
import io.pilothouse.cloud.iam.AccessControl;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.Params;
import io.pilothouse.cloud.protocol.Protocol;
import io.pilothouse.cloud.protocol.QueryCall;
import io.pilothouse.cloud.protocol.QueryService;
import io.pilothouse.cloud.protocol.XmlWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** The Auto Scaling API. */
public final class AutoScalingService {
    private final IamStore iam;
    private final Ec2Store ec2;
    private final InstanceService instances;
    private final Groups groups;

    private AutoScalingService(IamStore iam, Ec2Store ec2, InstanceService instances, Groups groups) {
        this.iam = iam;
        this.ec2 = ec2;
        this.instances = instances;
        this.groups = groups;
    }

    /** The service over the groups. */
    public static QueryService create(
            IamStore iam, AccessControl access, Ec2Store ec2, InstanceService instances, Groups groups) {
        AutoScalingService s = new AutoScalingService(iam, ec2, instances, groups);
        return new QueryService(
                        "autoscaling", Protocol.QUERY, "http://autoscaling.amazonaws.com/doc/2011-01-01/", access)
                .action(
                        "CreateAutoScalingGroup",
                        s::create,
                        "AutoScalingGroupName",
                        "MinSize",
                        "MaxSize",
                        "DesiredCapacity",
                        "LaunchTemplate",
                        "VPCZoneIdentifier",
                        "Tags")
                .action(
                        "UpdateAutoScalingGroup",
                        s::update,
                        "AutoScalingGroupName",
                        "MinSize",
                        "MaxSize",
                        "DesiredCapacity",
                        "LaunchTemplate",
                        "VPCZoneIdentifier")
                .action("SetDesiredCapacity", s::setDesired, "AutoScalingGroupName", "DesiredCapacity", "HonorCooldown")
                .action(
                        "DeleteAutoScalingGroup",
                        (call, out) -> groups.delete(
                                call.params().required("AutoScalingGroupName"),
                                call.params().bool("ForceDelete").orElse(false)),
                        "AutoScalingGroupName",
                        "ForceDelete")
                .action(
                        "TerminateInstanceInAutoScalingGroup",
                        s::terminate,
                        "InstanceId",
                        "ShouldDecrementDesiredCapacity")
                .action("DescribeAutoScalingGroups", s::describe, "AutoScalingGroupNames", "MaxRecords")
                .action("DescribeAutoScalingInstances", s::describeInstances, "InstanceIds", "MaxRecords")
                .action("CreateOrUpdateTags", s::tag, "Tags");
    }

    private void create(QueryCall call, XmlWriter out) {
        Params p = call.params();
        String name = p.required("AutoScalingGroupName");
        int min = p.integer("MinSize").orElseThrow(() -> AwsException.validation("MinSize is required"));
        int max = p.integer("MaxSize").orElseThrow(() -> AwsException.validation("MaxSize is required"));
        groups.create(new Group(
                name,
                arn(name),
                min,
                max,
                p.integer("DesiredCapacity").orElse(min),
                template(p),
                p.get("LaunchTemplate.Version", "$Default"),
                subnets(p.required("VPCZoneIdentifier")),
                tags(p),
                iam.clock().millis(),
                false));
    }

    private String arn(String name) {
        return iam.arns()
                .regional("autoscaling", "autoScalingGroup:" + UUID.randomUUID() + ":autoScalingGroupName/" + name);
    }

    private String template(Params p) {
        return ec2.template(p.find("LaunchTemplate.LaunchTemplateId")
                        .orElseGet(() -> p.find("LaunchTemplate.LaunchTemplateName")
                                .orElseThrow(() ->
                                        AwsException.validation("Valid requests must contain a LaunchTemplate."))))
                .id();
    }

    private static List<String> subnets(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .toList();
    }

    private static List<Group.Tag> tags(Params p) {
        return p.structs("Tags.member").stream()
                .map(t -> new Group.Tag(
                        t.required("Key"),
                        t.get("Value", ""),
                        t.bool("PropagateAtLaunch").orElse(false)))
                .toList();
    }

    private void update(QueryCall call, XmlWriter out) {
        Params p = call.params();
        groups.update(p.required("AutoScalingGroupName"), g -> {
            int min = p.integer("MinSize").orElse(g.min());
            int max = p.integer("MaxSize").orElse(g.max());
            // Without a wish of its own the size follows the new bounds, as in AWS.
            Group next =
                    g.sized(min, max, p.integer("DesiredCapacity").orElse(Math.max(min, Math.min(max, g.desired()))));
            if (!p.under("LaunchTemplate").isEmpty()) {
                next = next.launching(template(p), p.get("LaunchTemplate.Version", "$Default"));
            }
            return p.find("VPCZoneIdentifier").isPresent() ? next.in(subnets(p.required("VPCZoneIdentifier"))) : next;
        });
    }

    private void setDesired(QueryCall call, XmlWriter out) {
        int desired = call.params()
                .integer("DesiredCapacity")
                .orElseThrow(() -> AwsException.validation("DesiredCapacity is required"));
        groups.update(call.params().required("AutoScalingGroupName"), g -> g.sized(g.min(), g.max(), desired));
    }

    private void terminate(QueryCall call, XmlWriter out) {
        Instance instance = ec2.instances()
                .find(call.params().required("InstanceId"))
                .filter(i -> i.isLive() && i.group() != null)
                .orElseThrow(() ->
                        AwsException.validation("Instance Id not found - No managed instance found for instance ID "
                                + call.params().required("InstanceId")));
        String group = instance.group();
        if (group != null
                && call.params().bool("ShouldDecrementDesiredCapacity").orElse(false)) {
            groups.update(group, g -> g.sized(g.min(), g.max(), g.desired() - 1));
        }
        instances.terminate(instance.id(), "Client.UserInitiatedShutdown");
        out.open("Activity")
                .text("ActivityId", UUID.randomUUID())
                .text("AutoScalingGroupName", group)
                .text("Cause", "instance " + instance.id() + " was taken out of service in response to a user request")
                .time("StartTime", iam.clock().millis())
                .text("StatusCode", "Successful")
                .text("Progress", 100)
                .close();
    }

    private void describe(QueryCall call, XmlWriter out) {
        List<String> names = call.params().list("AutoScalingGroupNames.member");
        out.list(
                "AutoScalingGroups",
                "member",
                groups.list().stream()
                        .filter(g -> names.isEmpty() || names.contains(g.name()))
                        .toList(),
                g -> {
                    out.text("AutoScalingGroupName", g.name()).text("AutoScalingGroupARN", g.arn());
                    template(out, g);
                    out.text("MinSize", g.min())
                            .text("MaxSize", g.max())
                            .text("DesiredCapacity", g.desired())
                            .text("DefaultCooldown", 300)
                            .texts(
                                    "AvailabilityZones",
                                    "member",
                                    g.subnets().stream()
                                            .flatMap(s -> ec2.subnets().find(s).stream())
                                            .map(s -> s.zone())
                                            .toList())
                            .text("HealthCheckType", "EC2")
                            .text("HealthCheckGracePeriod", 0);
                    out.list("Instances", "member", groups.members(g.name()), i -> instance(out, g, i));
                    out.time("CreatedTime", g.createdMillis())
                            .text("VPCZoneIdentifier", String.join(",", g.subnets()))
                            .text("Status", g.deleting() ? "Delete in progress" : null);
                    out.list(
                            "Tags",
                            "member",
                            g.tags(),
                            t -> out.text("ResourceId", g.name())
                                    .text("ResourceType", "auto-scaling-group")
                                    .text("Key", t.key())
                                    .text("Value", t.value())
                                    .text("PropagateAtLaunch", t.propagate()));
                });
    }

    private void template(XmlWriter out, Group g) {
        out.open("LaunchTemplate")
                .text("LaunchTemplateId", g.template())
                .text(
                        "LaunchTemplateName",
                        ec2.templates().find(g.template()).map(t -> t.name()).orElse(null))
                .text("Version", g.version())
                .close();
    }

    private void instance(XmlWriter out, Group g, Instance i) {
        out.text("InstanceId", i.id())
                .text("InstanceType", i.launch().instanceType())
                .text("AvailabilityZone", i.placement().zone())
                .text(
                        "LifecycleState",
                        i.state() == io.pilothouse.cloud.ec2.Ec2Model.InstanceState.RUNNING ? "InService" : "Pending")
                .text("HealthStatus", "Healthy")
                .text("ProtectedFromScaleIn", false);
        template(out, g);
    }

    private void describeInstances(QueryCall call, XmlWriter out) {
        List<String> ids = call.params().list("InstanceIds.member");
        out.open("AutoScalingInstances");
        for (Group g : groups.list()) {
            for (Instance i : groups.members(g.name())) {
                if (ids.isEmpty() || ids.contains(i.id())) {
                    instance(out.open("member").text("AutoScalingGroupName", g.name()), g, i);
                    out.close();
                }
            }
        }
        out.close();
    }

    private void tag(QueryCall call, XmlWriter out) {
        for (Params t : call.params().structs("Tags.member")) {
            Group.Tag tag = new Group.Tag(
                    t.required("Key"),
                    t.get("Value", ""),
                    t.bool("PropagateAtLaunch").orElse(false));
            groups.update(t.required("ResourceId"), g -> {
                List<Group.Tag> tags = new ArrayList<>(g.tags());
                tags.removeIf(old -> old.key().equals(tag.key()));
                tags.add(tag);
                return g.tagged(tags);
            });
        }
    }
}
