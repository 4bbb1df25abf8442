package io.pilothouse.cloud.cloudformation;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.ec2.Ec2Model.Rule;
import io.pilothouse.cloud.ec2.Resources;
import io.pilothouse.cloud.protocol.AwsException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** AWS::EC2::SecurityGroupIngress and AWS::EC2::SecurityGroupEgress. */
final class SecurityGroupRuleProvider implements ResourceProvider {
    private static final Set<String> RULE = Set.of(
            "Description",
            "IpProtocol",
            "FromPort",
            "ToPort",
            "CidrIp",
            "SourceSecurityGroupId",
            "DestinationSecurityGroupId");
    private final Resources resources;
    private final boolean egress;

    SecurityGroupRuleProvider(Resources resources, boolean egress) {
        this.resources = resources;
        this.egress = egress;
    }

    @Override
    public Set<String> properties() {
        return Set.of(
                "GroupId",
                "Description",
                "IpProtocol",
                "FromPort",
                "ToPort",
                "CidrIp",
                egress ? "DestinationSecurityGroupId" : "SourceSecurityGroupId");
    }

    /** A rule from its properties. */
    static Rule rule(String id, JsonNode p, boolean egress) {
        p.properties().forEach(e -> {
            if (!RULE.contains(e.getKey()) && !e.getKey().equals("GroupId")) {
                throw AwsException.validation(
                        "Encountered unsupported property " + e.getKey() + " in a security group rule");
            }
        });
        String cidr = Props.text(p, "CidrIp", "");
        String peer = Props.text(p, egress ? "DestinationSecurityGroupId" : "SourceSecurityGroupId", "");
        if (cidr.isEmpty() == peer.isEmpty()) {
            throw AwsException.validation("Exactly one of CidrIp and a security group must be given");
        }
        return new Rule(
                id,
                egress,
                Props.required(p, "IpProtocol"),
                Props.number(p, "FromPort", -1),
                Props.number(p, "ToPort", -1),
                cidr.isEmpty() ? null : cidr,
                peer.isEmpty() ? null : peer,
                Props.text(p, "Description", ""));
    }

    @Override
    public Made create(Context context, JsonNode properties) {
        String group = resources.group(Props.required(properties, "GroupId")).id();
        Rule rule = rule("sgr-" + context.hexId(), properties, egress);
        String peer = rule.peerGroup();
        if (peer != null) {
            resources.group(peer);
        }
        resources.addRule(group, rule);
        return new Made(rule.id(), Map.of("Id", rule.id()));
    }

    @Override
    public Made update(Context context, Made made, JsonNode before, JsonNode after) {
        delete(context, made, before);
        return create(context, after);
    }

    @Override
    public void delete(Context context, Made made, JsonNode properties) {
        resources.removeRules(Props.required(properties, "GroupId"), List.of(made.physicalId()));
    }
}
