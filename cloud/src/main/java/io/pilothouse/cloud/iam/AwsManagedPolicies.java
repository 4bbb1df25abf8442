package io.pilothouse.cloud.iam;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Policies that AWS itself keeps, as far as nodes, clusters and administrators need them: what they allow, by name. */
final class AwsManagedPolicies {
    private static final Map<String, List<String>> ALLOWED = Map.ofEntries(
            Map.entry("AdministratorAccess", List.of("*")),
            Map.entry("ReadOnlyAccess", List.of("*:Describe*", "*:List*", "*:Get*")),
            Map.entry(
                    "AmazonEKSClusterPolicy",
                    List.of(
                            "autoscaling:DescribeAutoScalingGroups",
                            "autoscaling:UpdateAutoScalingGroup",
                            "ec2:Describe*",
                            "ec2:CreateTags",
                            "ec2:CreateSecurityGroup",
                            "ec2:DeleteSecurityGroup",
                            "ec2:AuthorizeSecurityGroupIngress",
                            "ec2:RevokeSecurityGroupIngress",
                            "elasticloadbalancing:*",
                            "kms:DescribeKey")),
            Map.entry(
                    "AmazonEKSServicePolicy",
                    List.of(
                            "ec2:Describe*",
                            "ec2:CreateTags",
                            "iam:ListAttachedRolePolicies",
                            "eks:UpdateClusterVersion")),
            Map.entry(
                    "AmazonEKSWorkerNodePolicy",
                    List.of(
                            "ec2:DescribeInstances",
                            "ec2:DescribeInstanceTypes",
                            "ec2:DescribeRouteTables",
                            "ec2:DescribeSecurityGroups",
                            "ec2:DescribeSubnets",
                            "ec2:DescribeVolumes",
                            "ec2:DescribeVolumesModifications",
                            "ec2:DescribeVpcs",
                            "eks:DescribeCluster",
                            "eks-auth:AssumeRoleForPodIdentity")),
            Map.entry(
                    "AmazonEKSWorkerNodeMinimalPolicy",
                    List.of("ec2:DescribeInstances", "eks-auth:AssumeRoleForPodIdentity")),
            Map.entry(
                    "AmazonEKS_CNI_Policy",
                    List.of(
                            "ec2:AssignPrivateIpAddresses",
                            "ec2:AttachNetworkInterface",
                            "ec2:CreateNetworkInterface",
                            "ec2:DeleteNetworkInterface",
                            "ec2:DescribeInstances",
                            "ec2:DescribeTags",
                            "ec2:DescribeNetworkInterfaces",
                            "ec2:DescribeInstanceTypes",
                            "ec2:DescribeSubnets",
                            "ec2:DetachNetworkInterface",
                            "ec2:ModifyNetworkInterfaceAttribute",
                            "ec2:UnassignPrivateIpAddresses",
                            "ec2:CreateTags")),
            Map.entry(
                    "AmazonEC2ContainerRegistryReadOnly",
                    List.of(
                            "ecr:GetAuthorizationToken",
                            "ecr:BatchCheckLayerAvailability",
                            "ecr:GetDownloadUrlForLayer",
                            "ecr:GetRepositoryPolicy",
                            "ecr:DescribeRepositories",
                            "ecr:ListImages",
                            "ecr:DescribeImages",
                            "ecr:BatchGetImage")),
            Map.entry(
                    "AmazonEC2ContainerRegistryPullOnly",
                    List.of(
                            "ecr:GetAuthorizationToken",
                            "ecr:BatchCheckLayerAvailability",
                            "ecr:GetDownloadUrlForLayer",
                            "ecr:BatchGetImage")),
            Map.entry(
                    "AmazonSSMManagedInstanceCore",
                    List.of(
                            "ssm:DescribeAssociation",
                            "ssm:GetParameter",
                            "ssm:GetParameters",
                            "ssm:UpdateInstanceInformation")),
            Map.entry("AmazonS3FullAccess", List.of("s3:*")),
            Map.entry("AmazonS3ReadOnlyAccess", List.of("s3:Get*", "s3:List*", "s3:Describe*")),
            Map.entry(
                    "AmazonEC2FullAccess", List.of("ec2:*", "autoscaling:*", "elasticloadbalancing:*", "cloudwatch:*")),
            Map.entry("IAMFullAccess", List.of("iam:*")));

    private AwsManagedPolicies() {}

    /** The document of a policy ARN; empty when this region does not know the policy. */
    static Optional<String> document(String arn) {
        List<String> actions = ALLOWED.get(arn.substring(arn.lastIndexOf('/') + 1));
        return Optional.ofNullable(actions)
                .map(a ->
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Resource\":\"*\",\"Action\":["
                                + a.stream().map(one -> "\"" + one + "\"").collect(Collectors.joining(",")) + "]}]}");
    }
}
