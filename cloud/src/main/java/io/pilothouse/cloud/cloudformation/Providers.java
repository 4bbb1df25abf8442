package io.pilothouse.cloud.cloudformation;

import io.pilothouse.cloud.autoscaling.Groups;
import io.pilothouse.cloud.ec2.Ec2Store;
import io.pilothouse.cloud.ec2.Resources;
import io.pilothouse.cloud.iam.IamStore;
import java.util.HashMap;
import java.util.Map;

/** The resource types there are. */
public final class Providers {
    private Providers() {}

    /** All providers, by type. */
    public static Map<String, ResourceProvider> all(IamStore iam, Ec2Store ec2, Resources resources, Groups groups) {
        Map<String, ResourceProvider> all = new HashMap<>();
        all.put("AWS::IAM::Role", new RoleProvider(iam));
        all.put("AWS::IAM::InstanceProfile", new InstanceProfileProvider(iam));
        all.put("AWS::IAM::Policy", new PolicyProvider(iam));
        all.put("AWS::EC2::SecurityGroup", new SecurityGroupProvider(resources, ec2));
        all.put("AWS::EC2::SecurityGroupIngress", new SecurityGroupRuleProvider(resources, false));
        all.put("AWS::EC2::SecurityGroupEgress", new SecurityGroupRuleProvider(resources, true));
        all.put("AWS::EC2::LaunchTemplate", new LaunchTemplateProvider(ec2, iam));
        all.put("AWS::AutoScaling::AutoScalingGroup", new GroupProvider(groups, ec2, iam));
        RecordedProviders.register(all, resources);
        return Map.copyOf(all);
    }
}
