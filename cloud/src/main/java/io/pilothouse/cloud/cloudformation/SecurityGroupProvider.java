package io.pilothouse.cloud.cloudformation;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.ec2.Ec2Model.SecurityGroup;
import io.pilothouse.cloud.ec2.Ec2Model.Vpc;
import io.pilothouse.cloud.ec2.Ec2Store;
import io.pilothouse.cloud.ec2.Resources;
import io.pilothouse.cloud.protocol.AwsException;
import java.util.Map;
import java.util.Set;

/** AWS::EC2::SecurityGroup. */
final class SecurityGroupProvider implements ResourceProvider {
    private final Resources resources;
    private final Ec2Store ec2;

    SecurityGroupProvider(Resources resources, Ec2Store ec2) {
        this.resources = resources;
        this.ec2 = ec2;
    }

    @Override
    public Set<String> properties() {
        return Set.of("GroupName", "GroupDescription", "VpcId", "Tags", "SecurityGroupIngress", "SecurityGroupEgress");
    }

    @Override
    public Made create(Context context, JsonNode p) {
        String vpc = Props.text(
                p,
                "VpcId",
                ec2.vpcs().list().stream()
                        .filter(Vpc::isDefault)
                        .map(Vpc::id)
                        .findFirst()
                        .orElse(""));
        String id = "sg-" + context.hexId();
        SecurityGroup group = resources.createGroup(
                id,
                Props.text(p, "GroupName", context.name(255)),
                Props.required(p, "GroupDescription"),
                vpc,
                Props.tags(p.path("Tags")));
        int number = 0;
        for (JsonNode rule : p.path("SecurityGroupIngress")) {
            resources.addRule(
                    id,
                    SecurityGroupRuleProvider.rule(
                            "sgr-" + number++ + context.hexId().substring(1), rule, false));
        }
        for (JsonNode rule : p.path("SecurityGroupEgress")) {
            resources.addRule(
                    id,
                    SecurityGroupRuleProvider.rule(
                            "sgr-" + number++ + context.hexId().substring(1), rule, true));
        }
        return new Made(id, Map.of("GroupId", id, "VpcId", group.vpcId(), "Id", id));
    }

    @Override
    public void delete(Context context, Made made, JsonNode properties) {
        try {
            resources.deleteGroup(made.physicalId());
        } catch (AwsException e) {
            if (!e.code().equals("InvalidGroup.NotFound")) {
                throw e;
            }
        }
    }
}
