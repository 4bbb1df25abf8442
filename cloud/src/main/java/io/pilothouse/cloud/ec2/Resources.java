package io.pilothouse.cloud.ec2;

import io.pilothouse.cloud.ec2.Ec2Model.Instance;
import io.pilothouse.cloud.ec2.Ec2Model.LaunchTemplate;
import io.pilothouse.cloud.ec2.Ec2Model.Recorded;
import io.pilothouse.cloud.ec2.Ec2Model.Rule;
import io.pilothouse.cloud.ec2.Ec2Model.SecurityGroup;
import io.pilothouse.cloud.ec2.Ec2Model.Subnet;
import io.pilothouse.cloud.ec2.Ec2Model.Vpc;
import io.pilothouse.cloud.protocol.AwsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Making and removing what is recorded of the network; each make is repeatable under the same id. Safe for many threads. */
public final class Resources {
    private static final List<String> ZONES = List.of("a", "b", "c");
    private final Ec2Store store;
    private final VpcNetwork network;
    private final String region;

    /** Over the region's records. */
    public Resources(Ec2Store store, VpcNetwork network, String region) {
        this.store = store;
        this.network = network;
        this.region = region;
    }

    /** The names of the zones, three of them. */
    public List<String> zones() {
        return ZONES.stream().map(z -> region + z).toList();
    }

    /** The default VPC with a subnet in each zone and its default group; made at the first start, brought up to date at others. */
    public void bootstrap() {
        String vpc = "vpc-0default";
        store.vpcs().put(vpc, new Vpc(vpc, network.cidr().toString(), true, Map.of("Name", "default")));
        for (int i = 0; i < ZONES.size(); i++) {
            String id = "subnet-0default" + ZONES.get(i);
            Subnet subnet = new Subnet(
                    id,
                    vpc,
                    network.subnet(i).toString(),
                    region + ZONES.get(i),
                    true,
                    Map.of("Name", "default-" + ZONES.get(i)));
            if (!store.subnets().insert(id, subnet)) {
                store.subnets().update(id, old -> new Subnet(id, vpc, subnet.cidr(), subnet.zone(), true, old.tags()));
            }
        }
        createGroup("sg-0default", "default", "default VPC security group", vpc, Map.of());
    }

    /** A VPC that is only recorded. */
    public Vpc createVpc(String id, String cidr, Map<String, String> tags) {
        Vpc vpc = new Vpc(id, cidr(cidr).toString(), false, tags);
        store.vpcs().insert(id, vpc);
        createGroup("sg-" + id.substring(4), "default", "default VPC security group", id, Map.of());
        return vpc;
    }

    /** A subnet that is only recorded. */
    public Subnet createSubnet(String id, String vpcId, String cidr, String zone, Map<String, String> tags) {
        Vpc vpc = store.vpcs().find(vpcId).orElseThrow(() -> Ec2Store.notFound("VpcID", vpcId));
        Cidr wanted = cidr(cidr);
        if (!Cidr.parse(vpc.cidr()).overlaps(wanted)
                || wanted.bits() < Cidr.parse(vpc.cidr()).bits()) {
            throw new AwsException(400, "InvalidSubnet.Range", "The CIDR '" + cidr + "' is invalid.");
        }
        boolean conflict = store.subnets().list().stream()
                .anyMatch(s -> s.vpcId().equals(vpcId)
                        && !s.id().equals(id)
                        && Cidr.parse(s.cidr()).overlaps(wanted));
        if (conflict) {
            throw new AwsException(
                    400, "InvalidSubnet.Conflict", "The CIDR '" + cidr + "' conflicts with another subnet");
        }
        if (!zones().contains(zone)) {
            throw Ec2Service.invalid("Value (" + zone
                    + ") for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: "
                    + zones());
        }
        Subnet subnet = new Subnet(id, vpcId, wanted.toString(), zone, false, tags);
        store.subnets().insert(id, subnet);
        return subnet;
    }

    private static Cidr cidr(String text) {
        try {
            return Cidr.parse(text);
        } catch (IllegalArgumentException e) {
            throw new AwsException(
                    400,
                    "InvalidParameterValue",
                    "Value (" + text + ") for parameter cidrBlock is invalid. This is not a valid CIDR block.",
                    e);
        }
    }

    /** A security group that lets everything out. */
    public SecurityGroup createGroup(
            String id, String name, String description, String vpcId, Map<String, String> tags) {
        if (store.vpcs().find(vpcId).isEmpty()) {
            throw Ec2Store.notFound("VpcID", vpcId);
        }
        boolean taken = store.groups().list().stream()
                .anyMatch(g -> g.vpcId().equals(vpcId) && g.name().equals(name) && !g.id().equals(id));
        if (taken) {
            throw new AwsException(
                    400,
                    "InvalidGroup.Duplicate",
                    "The security group '" + name + "' already exists for VPC '" + vpcId + "'");
        }
        Rule out = new Rule("sgr-0" + id.substring(4), true, "-1", -1, -1, "0.0.0.0/0", null, "");
        SecurityGroup group = new SecurityGroup(id, name, description, vpcId, List.of(out), tags);
        store.groups().insert(id, group);
        return group;
    }

    /** Adds a rule; does nothing when a rule of that id is there. */
    public void addRule(String groupId, Rule rule) {
        store.groups().update(group(groupId).id(), g -> {
            List<Rule> rules = new ArrayList<>(g.rules());
            rules.removeIf(r -> r.id().equals(rule.id()));
            rules.add(rule);
            return new SecurityGroup(g.id(), g.name(), g.description(), g.vpcId(), rules, g.tags());
        });
    }

    /** Removes rules by id; gone groups and rules are no error. */
    public void removeRules(String groupId, List<String> ruleIds) {
        store.groups()
                .update(
                        groupId,
                        g -> new SecurityGroup(
                                g.id(),
                                g.name(),
                                g.description(),
                                g.vpcId(),
                                g.rules().stream()
                                        .filter(r -> !ruleIds.contains(r.id()))
                                        .toList(),
                                g.tags()));
    }

    /** A group that must exist. */
    public SecurityGroup group(String id) {
        return store.groups()
                .find(id)
                .orElseThrow(() -> new AwsException(
                        400, "InvalidGroup.NotFound", "The security group '" + id + "' does not exist"));
    }

    /** Removes a group that nothing uses. */
    public void deleteGroup(String id) {
        SecurityGroup group = group(id);
        boolean used = store.instances().list().stream()
                        .filter(Instance::isLive)
                        .anyMatch(i -> i.launch().securityGroupIds().contains(id))
                || store.groups().list().stream()
                        .anyMatch(
                                g -> !g.id().equals(id) && g.rules().stream().anyMatch(r -> id.equals(r.peerGroup())));
        if (used) {
            throw new AwsException(400, "DependencyViolation", "resource " + id + " has a dependent object");
        }
        if (group.name().equals("default")) {
            throw new AwsException(
                    400,
                    "CannotDelete",
                    "the specified group: \"" + id + "\" name: \"default\" cannot be deleted by a user");
        }
        store.groups().remove(id);
    }

    /** Removes a VPC that nothing uses. */
    public void deleteVpc(String id) {
        Vpc vpc = store.vpcs().find(id).orElseThrow(() -> Ec2Store.notFound("VpcID", id));
        boolean used = store.subnets().list().stream().anyMatch(s -> s.vpcId().equals(id))
                || store.groups().list().stream()
                        .anyMatch(g -> g.vpcId().equals(id) && !g.name().equals("default"));
        if (used || vpc.isDefault()) {
            throw new AwsException(
                    400, "DependencyViolation", "The vpc '" + id + "' has dependencies and cannot be deleted.");
        }
        store.groups().list().stream()
                .filter(g -> g.vpcId().equals(id))
                .forEach(g -> store.groups().remove(g.id()));
        store.vpcs().remove(id);
    }

    /** Removes a subnet without instances. */
    public void deleteSubnet(String id) {
        Subnet subnet = store.subnet(id);
        if (subnet.isDefault()
                || store.instances().list().stream()
                        .anyMatch(i -> i.isLive() && i.placement().subnetId().equals(id))) {
            throw new AwsException(
                    400, "DependencyViolation", "The subnet '" + id + "' has dependencies and cannot be deleted.");
        }
        store.subnets().remove(id);
    }

    /** Records something that has no effect of its own. */
    public Recorded record(String id, String type, Map<String, String> properties, Map<String, String> tags) {
        Recorded recorded = new Recorded(id, type, new TreeMap<>(properties), tags);
        store.recorded().put(id, recorded);
        return recorded;
    }

    /** Forgets it again. */
    public void forget(String id) {
        store.recorded().remove(id);
    }

    /** Removes a launch template. */
    public void deleteTemplate(LaunchTemplate template) {
        store.templates().remove(template.id());
    }
}
