package io.pilothouse.cloud.cloudformation;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.ec2.Ec2Model.LaunchData;
import io.pilothouse.cloud.ec2.Ec2Model.LaunchTemplate;
import io.pilothouse.cloud.ec2.Ec2Model.TemplateVersion;
import io.pilothouse.cloud.ec2.Ec2Store;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.protocol.AwsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** AWS::EC2::LaunchTemplate. */
final class LaunchTemplateProvider implements ResourceProvider {
    private static final Set<String> DATA = Set.of(
            "BlockDeviceMappings",
            "IamInstanceProfile",
            "ImageId",
            "InstanceType",
            "KeyName",
            "MetadataOptions",
            "SecurityGroupIds",
            "TagSpecifications",
            "UserData");
    private final Ec2Store ec2;
    private final IamStore iam;

    LaunchTemplateProvider(Ec2Store ec2, IamStore iam) {
        this.ec2 = ec2;
        this.iam = iam;
    }

    @Override
    public Set<String> properties() {
        return Set.of("LaunchTemplateName", "LaunchTemplateData", "VersionDescription", "TagSpecifications");
    }

    @Override
    public Made create(Context context, JsonNode p) {
        String id = "lt-" + context.hexId();
        String name = Props.text(p, "LaunchTemplateName", context.name(128));
        if (ec2.templates().list().stream().anyMatch(t -> t.name().equals(name) && !t.id().equals(id))) {
            throw new AwsException(
                    400, "InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.");
        }
        long now = iam.clock().millis();
        TemplateVersion first = new TemplateVersion(
                1, now, Props.text(p, "VersionDescription", ""), data(p.path("LaunchTemplateData")));
        ec2.templates().insert(id, new LaunchTemplate(id, name, now, 1, List.of(first), tags(p, "launch-template")));
        return made(ec2.template(id));
    }

    /** Launch data from the template language's form of it. */
    private static LaunchData data(JsonNode d) {
        Props.only(d, "LaunchTemplateData", DATA);
        Props.only(
                d.path("MetadataOptions"),
                "MetadataOptions",
                Set.of("HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint", "InstanceMetadataTags"));
        int volume = 20;
        for (JsonNode device : d.path("BlockDeviceMappings")) {
            volume = Props.number(device.path("Ebs"), "VolumeSize", volume);
        }
        JsonNode profile = d.path("IamInstanceProfile");
        return new LaunchData(
                Props.text(d, "ImageId", ""),
                Props.text(d, "InstanceType", ""),
                Props.text(d, "KeyName", ""),
                Props.text(d, "UserData", ""),
                Props.text(profile, "Arn", Props.text(profile, "Name", "")),
                Props.texts(d.path("SecurityGroupIds")),
                Props.text(d.path("MetadataOptions"), "HttpTokens", "required"),
                volume,
                tags(d, "instance"));
    }

    private static Map<String, String> tags(JsonNode node, String type) {
        Map<String, String> tags = new TreeMap<>();
        node.path("TagSpecifications").forEach(spec -> {
            if (spec.path("ResourceType").asText().equals(type)) {
                tags.putAll(Props.tags(spec.path("Tags")));
            }
        });
        return tags;
    }

    private static Made made(LaunchTemplate t) {
        return new Made(
                t.id(),
                Map.of(
                        "LaunchTemplateId", t.id(),
                        "LatestVersionNumber",
                                String.valueOf(t.versions().getLast().number()),
                        "DefaultVersionNumber", String.valueOf(t.defaultVersion())));
    }

    @Override
    public Made update(Context context, Made made, JsonNode before, JsonNode after) {
        LaunchData data = data(after.path("LaunchTemplateData"));
        return ec2.templates()
                .update(made.physicalId(), t -> {
                    List<TemplateVersion> versions = new ArrayList<>(t.versions());
                    if (!versions.getLast().data().equals(data)) {
                        versions.add(new TemplateVersion(
                                versions.getLast().number() + 1,
                                iam.clock().millis(),
                                Props.text(after, "VersionDescription", ""),
                                data));
                    }
                    return new LaunchTemplate(
                            t.id(), t.name(), t.createdMillis(), t.defaultVersion(), versions, t.tags());
                })
                .map(LaunchTemplateProvider::made)
                .orElseThrow(() -> AwsException.validation("The launch template " + made.physicalId() + " is gone"));
    }

    @Override
    public void delete(Context context, Made made, JsonNode properties) {
        ec2.templates().remove(made.physicalId());
    }
}
