package io.pilothouse.cloud.ec2;

import io.pilothouse.cloud.ec2.Ec2Model.Rule;
import io.pilothouse.cloud.ec2.Ec2Model.SecurityGroup;
import io.pilothouse.cloud.ec2.Ec2Model.Vpc;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.protocol.Params;
import io.pilothouse.cloud.protocol.QueryCall;
import io.pilothouse.cloud.protocol.QueryService;
import io.pilothouse.cloud.protocol.XmlWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Security groups; recorded, and not enforced by the emulated network. */
final class SecurityGroupActions {
    private final IamStore iam;
    private final Ec2Store store;
    private final Resources resources;

    SecurityGroupActions(IamStore iam, Ec2Store store, Resources resources) {
        this.iam = iam;
        this.store = store;
        this.resources = resources;
    }

    void register(QueryService service) {
        service.action("DescribeSecurityGroups", this::describe, "GroupId", "GroupName", "Filter", "MaxResults")
                .action(
                        "CreateSecurityGroup",
                        this::create,
                        "GroupName",
                        "GroupDescription",
                        "VpcId",
                        "TagSpecification")
                .action(
                        "DeleteSecurityGroup",
                        (call, out) -> {
                            resources.deleteGroup(call.params().required("GroupId"));
                            Ec2Service.done(out);
                        },
                        "GroupId")
                .action(
                        "AuthorizeSecurityGroupIngress",
                        (call, out) -> authorize(call, out, false),
                        "GroupId",
                        "IpPermissions",
                        "IpProtocol",
                        "FromPort",
                        "ToPort",
                        "CidrIp")
                .action(
                        "AuthorizeSecurityGroupEgress",
                        (call, out) -> authorize(call, out, true),
                        "GroupId",
                        "IpPermissions")
                .action(
                        "RevokeSecurityGroupIngress",
                        (call, out) -> revoke(call, out, false),
                        "GroupId",
                        "IpPermissions",
                        "IpProtocol",
                        "FromPort",
                        "ToPort",
                        "CidrIp")
                .action(
                        "RevokeSecurityGroupEgress",
                        (call, out) -> revoke(call, out, true),
                        "GroupId",
                        "IpPermissions");
    }

    private void describe(QueryCall call, XmlWriter out) {
        List<SecurityGroup> all =
                Filters.byId(call.params().list("GroupId"), store.groups().list(), SecurityGroup::id, "Group");
        List<String> names = call.params().list("GroupName");
        List<SecurityGroup> groups = Filters.apply(
                call.params(),
                all,
                SecurityGroup::tags,
                Map.of(
                        "group-id",
                        SecurityGroup::id,
                        "group-name",
                        SecurityGroup::name,
                        "vpc-id",
                        SecurityGroup::vpcId,
                        "description",
                        SecurityGroup::description));
        out.list(
                "securityGroupInfo",
                "item",
                groups.stream()
                        .filter(g -> names.isEmpty() || names.contains(g.name()))
                        .toList(),
                g -> {
                    out.text("ownerId", iam.arns().account())
                            .text("groupId", g.id())
                            .text("groupName", g.name())
                            .text("groupDescription", g.description())
                            .text("vpcId", g.vpcId());
                    permissions(
                            out,
                            "ipPermissions",
                            g.rules().stream().filter(r -> !r.egress()).toList());
                    permissions(
                            out,
                            "ipPermissionsEgress",
                            g.rules().stream().filter(Rule::egress).toList());
                    Ec2Service.tags(out, g.tags());
                });
    }

    private void permissions(XmlWriter out, String name, List<Rule> rules) {
        out.list(name, "item", rules, r -> {
            boolean ports = !r.protocol().equals("-1");
            out.text("ipProtocol", r.protocol())
                    .text("fromPort", ports ? r.fromPort() : null)
                    .text("toPort", ports ? r.toPort() : null);
            out.list(
                    "groups",
                    "item",
                    r.peerGroup() == null ? List.<String>of() : List.of(r.peerGroup()),
                    id -> out.text("userId", iam.arns().account()).text("groupId", id));
            out.list(
                    "ipRanges",
                    "item",
                    r.cidr() == null ? List.<String>of() : List.of(r.cidr()),
                    c -> out.text("cidrIp", c));
        });
    }

    private void create(QueryCall call, XmlWriter out) {
        String vpc = call.params()
                .find("VpcId")
                .orElseGet(() -> store.vpcs().list().stream()
                        .filter(Vpc::isDefault)
                        .map(Vpc::id)
                        .findFirst()
                        .orElseThrow(() -> Ec2Service.invalid("No default VPC for this user")));
        SecurityGroup group = resources.createGroup(
                iam.ids().resource("sg"),
                call.params().required("GroupName"),
                call.params().required("GroupDescription"),
                vpc,
                Ec2Service.tags(call.params(), "security-group"));
        Ec2Service.done(out);
        out.text("groupId", group.id());
        Ec2Service.tags(out, group.tags());
    }

    private void authorize(QueryCall call, XmlWriter out, boolean egress) {
        String group = resources.group(call.params().required("GroupId")).id();
        rules(call.params(), egress).forEach(rule -> resources.addRule(group, rule));
        Ec2Service.done(out);
    }

    private void revoke(QueryCall call, XmlWriter out, boolean egress) {
        SecurityGroup group = resources.group(call.params().required("GroupId"));
        List<Rule> wanted = rules(call.params(), egress);
        List<String> ids = group.rules().stream()
                .filter(r -> wanted.stream().anyMatch(w -> same(r, w)))
                .map(Rule::id)
                .toList();
        resources.removeRules(group.id(), ids);
        Ec2Service.done(out);
    }

    private static boolean same(Rule a, Rule b) {
        return a.egress() == b.egress()
                && a.protocol().equals(b.protocol())
                && a.fromPort() == b.fromPort()
                && a.toPort() == b.toPort()
                && Objects.equals(a.cidr(), b.cidr())
                && Objects.equals(a.peerGroup(), b.peerGroup());
    }

    private List<Rule> rules(Params params, boolean egress) {
        List<Rule> rules = new ArrayList<>();
        List<Params> permissions = params.structs("IpPermissions");
        for (Params p : permissions.isEmpty() ? List.of(params) : permissions) {
            String protocol = p.required("IpProtocol");
            int from = p.integer("FromPort").orElse(-1);
            int to = p.integer("ToPort").orElse(-1);
            List<Params> ranges = new ArrayList<>(p.structs("IpRanges"));
            if (p.find("CidrIp").isPresent()) {
                ranges.add(p);
            }
            ranges.forEach(r -> rules.add(new Rule(
                    iam.ids().resource("sgr"),
                    egress,
                    protocol,
                    from,
                    to,
                    r.required("CidrIp"),
                    null,
                    r.get("Description", ""))));
            p.structs("Groups")
                    .forEach(g -> rules.add(new Rule(
                            iam.ids().resource("sgr"),
                            egress,
                            protocol,
                            from,
                            to,
                            null,
                            resources.group(g.required("GroupId")).id(),
                            g.get("Description", ""))));
        }
        if (rules.isEmpty()) {
            throw Ec2Service.invalid("A rule needs a range or a group.");
        }
        return rules;
    }
}
