package io.pilothouse.cloud.cloudformation;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.autoscaling.Group;
import io.pilothouse.cloud.autoscaling.Groups;
import io.pilothouse.cloud.ec2.Ec2Model.Instance;
import io.pilothouse.cloud.ec2.Ec2Store;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.protocol.AwsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** AWS::AutoScaling::AutoScalingGroup. */
final class GroupProvider implements ResourceProvider {
    private final Groups groups;
    private final Ec2Store ec2;
    private final IamStore iam;

    GroupProvider(Groups groups, Ec2Store ec2, IamStore iam) {
        this.groups = groups;
        this.ec2 = ec2;
        this.iam = iam;
    }

    @Override
    public Set<String> properties() {
        return Set.of(
                "AutoScalingGroupName",
                "MinSize",
                "MaxSize",
                "DesiredCapacity",
                "LaunchTemplate",
                "VPCZoneIdentifier",
                "Tags");
    }

    @Override
    public Made create(Context context, JsonNode p) {
        String name = Props.text(p, "AutoScalingGroupName", context.name(255));
        List<Group.Tag> tags = tags(context, p);
        if (groups.exists(name)) {
            if (groups.group(name).tags().stream()
                    .noneMatch(t -> t.key().equals("aws:cloudformation:stack-id")
                            && t.value().equals(context.stackId()))) {
                throw new AwsException(400, "AlreadyExists", name + " already exists");
            }
            return made(name);
        }
        int min = Props.number(p, "MinSize", 0);
        groups.create(new Group(
                name,
                iam.arns()
                        .regional(
                                "autoscaling", "autoScalingGroup:" + context.hexId() + ":autoScalingGroupName/" + name),
                min,
                Props.number(p, "MaxSize", min),
                Props.number(p, "DesiredCapacity", min),
                template(p),
                Props.text(p.path("LaunchTemplate"), "Version", "$Default"),
                Props.texts(p.path("VPCZoneIdentifier")),
                tags,
                iam.clock().millis(),
                false));
        return made(name);
    }

    private String template(JsonNode p) {
        JsonNode named = p.path("LaunchTemplate");
        Props.only(named, "LaunchTemplate", Set.of("LaunchTemplateId", "LaunchTemplateName", "Version"));
        return ec2.template(Props.text(named, "LaunchTemplateId", Props.text(named, "LaunchTemplateName", "")))
                .id();
    }

    private static List<Group.Tag> tags(Context context, JsonNode p) {
        List<Group.Tag> tags = new ArrayList<>();
        p.path("Tags")
                .forEach(t -> tags.add(new Group.Tag(
                        Props.required(t, "Key"),
                        Props.text(t, "Value", ""),
                        Props.text(t, "PropagateAtLaunch", "false").equals("true"))));
        tags.add(new Group.Tag("aws:cloudformation:stack-id", context.stackId(), true));
        tags.add(new Group.Tag("aws:cloudformation:stack-name", context.stackName(), true));
        tags.add(new Group.Tag("aws:cloudformation:logical-id", context.logicalId(), true));
        return tags;
    }

    private static Made made(String name) {
        return new Made(name, Map.of());
    }

    @Override
    public Made update(Context context, Made made, JsonNode before, JsonNode after) {
        if (!before.path("AutoScalingGroupName").equals(after.path("AutoScalingGroupName"))) {
            throw AwsException.validation(
                    "AutoScalingGroupName cannot be changed in place; replacement is not supported here");
        }
        groups.update(made.physicalId(), g -> {
            int min = Props.number(after, "MinSize", 0);
            int max = Props.number(after, "MaxSize", min);
            int desired = after.has("DesiredCapacity")
                    ? Props.number(after, "DesiredCapacity", min)
                    : Math.max(min, Math.min(max, g.desired()));
            return g.sized(min, max, desired)
                    .launching(template(after), Props.text(after.path("LaunchTemplate"), "Version", "$Default"))
                    .in(Props.texts(after.path("VPCZoneIdentifier")))
                    .tagged(tags(context, after));
        });
        return made;
    }

    @Override
    public void delete(Context context, Made made, JsonNode properties) {
        if (groups.exists(made.physicalId())) {
            groups.delete(made.physicalId(), true);
        }
    }

    @Override
    public List<String> members(Made made) {
        return groups.members(made.physicalId()).stream().map(Instance::id).toList();
    }

    @Override
    public void replace(String member) {
        groups.replace(member);
    }

    @Override
    public boolean isSettled(Made made) {
        return groups.isSettled(made.physicalId());
    }
}
