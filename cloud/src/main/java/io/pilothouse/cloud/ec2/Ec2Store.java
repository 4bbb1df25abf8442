package io.pilothouse.cloud.ec2;

import io.pilothouse.cloud.ec2.Ec2Model.Instance;
import io.pilothouse.cloud.ec2.Ec2Model.LaunchTemplate;
import io.pilothouse.cloud.ec2.Ec2Model.Recorded;
import io.pilothouse.cloud.ec2.Ec2Model.SecurityGroup;
import io.pilothouse.cloud.ec2.Ec2Model.Subnet;
import io.pilothouse.cloud.ec2.Ec2Model.TemplateVersion;
import io.pilothouse.cloud.ec2.Ec2Model.TokenKey;
import io.pilothouse.cloud.ec2.Ec2Model.Vpc;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.state.StateStore;
import io.pilothouse.cloud.state.Table;
import java.util.Base64;
import java.util.random.RandomGenerator;

/** The records of EC2, by id. Safe for many threads. */
public final class Ec2Store {
    private static final int KEY_BYTES = 32;
    private static final String CURRENT = "current";
    private final Table<Vpc> vpcs;
    private final Table<Subnet> subnets;
    private final Table<SecurityGroup> groups;
    private final Table<LaunchTemplate> templates;
    private final Table<Instance> instances;
    private final Table<Recorded> recorded;
    private final Table<TokenKey> tokenKeys;

    /** Over the region's state. */
    public Ec2Store(StateStore store) {
        vpcs = new Table<>(store, "ec2/vpcs", Vpc.class);
        subnets = new Table<>(store, "ec2/subnets", Subnet.class);
        groups = new Table<>(store, "ec2/security-groups", SecurityGroup.class);
        templates = new Table<>(store, "ec2/launch-templates", LaunchTemplate.class);
        instances = new Table<>(store, "ec2/instances", Instance.class);
        recorded = new Table<>(store, "ec2/recorded", Recorded.class);
        tokenKeys = new Table<>(store, "ec2/metadata-token-keys", TokenKey.class);
    }

    /** VPCs. */
    public Table<Vpc> vpcs() {
        return vpcs;
    }

    /** Subnets. */
    public Table<Subnet> subnets() {
        return subnets;
    }

    /** Security groups. */
    public Table<SecurityGroup> groups() {
        return groups;
    }

    /** Launch templates. */
    public Table<LaunchTemplate> templates() {
        return templates;
    }

    /** Instances. */
    public Table<Instance> instances() {
        return instances;
    }

    /** What is only recorded. */
    public Table<Recorded> recorded() {
        return recorded;
    }

    /** What signs the metadata service's session tokens: the key of the processes before this one, or a new one at the first start. */
    byte[] metadataKey(RandomGenerator random) {
        byte[] fresh = new byte[KEY_BYTES];
        random.nextBytes(fresh);
        tokenKeys.insert(CURRENT, new TokenKey(Base64.getEncoder().encodeToString(fresh)));
        return Base64.getDecoder().decode(tokenKeys.find(CURRENT).orElseThrow().secret());
    }

    /** An error for something that is not there. */
    public static AwsException notFound(String kind, String what) {
        return new AwsException(400, "Invalid" + kind + ".NotFound", "The ID '" + what + "' does not exist");
    }

    /** A subnet that must exist. */
    public Subnet subnet(String id) {
        return subnets.find(id).orElseThrow(() -> notFound("SubnetID", id));
    }

    /** An instance that must exist. */
    public Instance instance(String id) {
        return instances.find(id).orElseThrow(() -> notFound("InstanceID", id));
    }

    /** A launch template by id or name. */
    public LaunchTemplate template(String idOrName) {
        return templates
                .find(idOrName)
                .or(() -> templates.list().stream()
                        .filter(t -> t.name().equals(idOrName))
                        .findFirst())
                .orElseThrow(() -> new AwsException(
                        400,
                        "InvalidLaunchTemplateName.NotFoundException",
                        "The specified launch template, " + idOrName + ", does not exist."));
    }

    /** A version of a template: a number, {@code $Latest} or {@code $Default} (also when empty). */
    public static TemplateVersion version(LaunchTemplate template, String version) {
        String wanted = switch (version) {
            case "", "$Default" -> String.valueOf(template.defaultVersion());
            case "$Latest" -> String.valueOf(template.versions().getLast().number());
            default -> version;
        };
        return template.versions().stream()
                .filter(v -> String.valueOf(v.number()).equals(wanted))
                .findFirst()
                .orElseThrow(() -> new AwsException(
                        400,
                        "InvalidLaunchTemplateId.VersionNotFound",
                        "Could not find the specified version " + version + " for the launch template with ID "
                                + template.id() + "."));
    }
}
