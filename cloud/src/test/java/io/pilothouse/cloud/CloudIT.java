package io.pilothouse.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.ec2.VpcNetwork;
import io.pilothouse.cloud.state.EtcdStateStore;
import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.testing.EtcdProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole embedded cloud over a real etcd, through the AWS CLI. As root, instances run in namespaces. */
class CloudIT {
    private static final String TEMPLATE = """
            AWSTemplateFormatVersion: "2010-09-09"
            Description: A node group
            Parameters:
              ClusterName: {Type: String}
              NodeAutoScalingGroupDesiredCapacity: {Type: Number, Default: 1}
              NodeImageIdSSMParam: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /aws/service/eks/optimized-ami/1.36/amazon-linux-2023/x86_64/standard/recommended/image_id}
              NodeImageId: {Type: String, Default: ""}
              Subnets: {Type: "List<AWS::EC2::Subnet::Id>"}
              VpcId: {Type: "AWS::EC2::VPC::Id"}
            Conditions:
              HasNodeImageId: !Not [!Equals [!Ref NodeImageId, ""]]
            Resources:
              NodeInstanceRole:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement: [{Effect: Allow, Principal: {Service: [ec2.amazonaws.com]}, Action: [sts:AssumeRole]}]
                  ManagedPolicyArns: [!Sub "arn:${AWS::Partition}:iam::aws:policy/AmazonEKSWorkerNodePolicy"]
                  Path: /
              NodeInstanceProfile:
                Type: AWS::IAM::InstanceProfile
                Properties: {Path: /, Roles: [!Ref NodeInstanceRole]}
              NodeSecurityGroup:
                Type: AWS::EC2::SecurityGroup
                Properties: {GroupDescription: nodes, VpcId: !Ref VpcId}
              NodeSecurityGroupIngress:
                Type: AWS::EC2::SecurityGroupIngress
                DependsOn: NodeSecurityGroup
                Properties: {GroupId: !Ref NodeSecurityGroup, IpProtocol: "-1", FromPort: 0, ToPort: 65535, SourceSecurityGroupId: !Ref NodeSecurityGroup}
              NodeLaunchTemplate:
                Type: AWS::EC2::LaunchTemplate
                Properties:
                  LaunchTemplateData:
                    IamInstanceProfile: {Arn: !GetAtt NodeInstanceProfile.Arn}
                    ImageId: !If [HasNodeImageId, !Ref NodeImageId, !Ref NodeImageIdSSMParam]
                    InstanceType: t3.medium
                    SecurityGroupIds: [!Ref NodeSecurityGroup]
                    UserData: !Base64
                      Fn::Sub: |
                        #!/bin/bash
                        set -o xtrace
                        aws sts get-caller-identity --query Arn --output text > who
                        aws cloudformation signal-resource --stack-name ${AWS::StackName} --logical-resource-id NodeGroup --unique-id one --status SUCCESS
              NodeGroup:
                Type: AWS::AutoScaling::AutoScalingGroup
                CreationPolicy: {ResourceSignal: {Count: 1, Timeout: PT1M}}
                Properties:
                  DesiredCapacity: !Ref NodeAutoScalingGroupDesiredCapacity
                  LaunchTemplate: {LaunchTemplateId: !Ref NodeLaunchTemplate, Version: !GetAtt NodeLaunchTemplate.LatestVersionNumber}
                  MaxSize: 4
                  MinSize: 0
                  Tags: [{Key: !Sub "kubernetes.io/cluster/${ClusterName}", PropagateAtLaunch: true, Value: owned}]
                  VPCZoneIdentifier: !Ref Subnets
            Outputs:
              NodeInstanceRole: {Value: !GetAtt NodeInstanceRole.Arn}
              NodeAutoScalingGroup: {Value: !Ref NodeGroup}
            """;

    @TempDir
    private static Path directory;

    private static EtcdProcess etcd;
    private static EtcdStore store;
    private static EmbeddedCloud cloud;
    private static AwsCli aws;

    @BeforeAll
    static void start() throws IOException {
        etcd = EtcdProcess.start();
        store = EtcdStore.connect(EtcdConfig.of(List.of(etcd.endpoint())));
        cloud = launch(0);
        aws = AwsCli.with(
                cloud.endpoint().toString(),
                "pilot-1",
                cloud.rootKey().id(),
                cloud.rootKey().secret());
    }

    private static EmbeddedCloud launch(int port) throws IOException {
        CloudConfig config = new CloudConfig(
                "pilot-1",
                "111122223333",
                directory.resolve("data"),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                VpcNetwork.canIsolate(),
                Map.of());
        return EmbeddedCloud.start(config, new EtcdStateStore(store), parts -> List.of());
    }

    @AfterAll
    static void stop() throws Exception {
        String bridge = cloud.parts().network().bridge();
        cloud.close();
        store.close();
        etcd.close();
        assertThat(Path.of("/sys/class/net/" + bridge)).doesNotExist();
    }

    private static void until(BooleanSupplier done) throws InterruptedException {
        long end = System.nanoTime() + 40_000_000_000L;
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).as(CloudIT::consoles).isLessThan(end);
            Thread.sleep(100);
        }
    }

    private static String consoles() {
        StringBuilder all = new StringBuilder("not in time; consoles:");
        try (Stream<Path> files = Files.walk(directory.resolve("data/instances"))) {
            for (Path log : files.filter(f -> f.getFileName().toString().endsWith(".log"))
                    .toList()) {
                all.append('\n').append(log).append('\n').append(Files.readString(log));
            }
        } catch (IOException e) {
            all.append(e);
        }
        return all.toString();
    }

    @Test
    void aStackMakesNodesThatAreTheirRole() throws Exception {
        Path file = Files.writeString(directory.resolve("group.yaml"), TEMPLATE);
        String subnets = String.join("\\,", List.of("subnet-0defaulta", "subnet-0defaultb"));
        String[] create = {
            "cloudformation",
            "create-stack",
            "--stack-name",
            "nodes",
            "--template-body",
            "file://" + file,
            "--parameters",
            "ParameterKey=ClusterName,ParameterValue=demo",
            "ParameterKey=VpcId,ParameterValue=vpc-0default",
            "ParameterKey=Subnets,ParameterValue=" + subnets
        };
        assertThat(aws.fails(create)).contains("InsufficientCapabilities").contains("CAPABILITY_IAM");
        String[] capable = java.util.Arrays.copyOf(create, create.length + 2);
        capable[create.length] = "--capabilities";
        capable[create.length + 1] = "CAPABILITY_IAM";
        aws.ok(capable);
        until(() -> !cloud.parts().stacks().find("nodes").isBusy());
        JsonNode stack = aws.ok("cloudformation describe-stacks --stack-name nodes")
                .path("Stacks")
                .path(0);
        assertThat(stack.path("StackStatus").asText())
                .as(() -> cloud.parts().stacks().find("nodes").events().toString())
                .isEqualTo("CREATE_COMPLETE");
        String outputs = stack.path("Outputs").toString();
        assertThat(outputs).contains("arn:aws:iam::111122223333:role/nodes-NodeInstanceRole-");

        JsonNode instance = aws.ok(
                        "ec2 describe-instances --filters Name=tag:kubernetes.io/cluster/demo,Values=owned Name=instance-state-name,Values=running")
                .path("Reservations")
                .path(0)
                .path("Instances")
                .path(0);
        String id = instance.path("InstanceId").asText();
        assertThat(instance.path("PrivateDnsName").asText()).endsWith(".pilot-1.compute.internal");
        Path who = directory.resolve("data/instances/" + id + "/root/who");
        assertThat(Files.readString(who))
                .contains(":assumed-role/nodes-NodeInstanceRole-")
                .endsWith("/" + id + "\n");

        long pid = cloud.parts().ec2().instance(id).process().pid();
        int port = cloud.endpoint().getPort();
        cloud.detach();
        cloud = launch(port);
        assertThat(cloud.parts().ec2().instance(id).process().pid()).isEqualTo(pid);
        assertThat(ProcessHandle.of(pid)).isPresent();

        aws.ok("autoscaling terminate-instance-in-auto-scaling-group --instance-id " + id
                + " --no-should-decrement-desired-capacity");
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        String group = stack.path("Outputs").findValuesAsText("OutputValue").stream()
                .filter(v -> v.startsWith("nodes-NodeGroup"))
                .findFirst()
                .orElseThrow();
        until(() -> cloud.parts().groups().isSettled(group));
        assertThat(aws.ok("autoscaling describe-auto-scaling-groups")
                        .path("AutoScalingGroups")
                        .path(0)
                        .path("Instances"))
                .hasSize(1);

        aws.ok("cloudformation delete-stack --stack-name nodes");
        until(() -> cloud.parts().stacks().list().stream().noneMatch(s -> s.isBusy()));
        assertThat(aws.fails("cloudformation describe-stacks --stack-name nodes"))
                .contains("Stack with id nodes does not exist");
        assertThat(cloud.parts().iam().roles().list()).isEmpty();
        assertThat(cloud.parts().groups().list()).isEmpty();
    }

    @Test
    void aBadTemplateIsRefusedAndAFailureRollsBack() throws Exception {
        Path file = Files.writeString(directory.resolve("bad.yaml"), """
                Resources:
                  Group: {Type: "AWS::EC2::SecurityGroup", Properties: {GroupDescription: x}}
                  Rule: {Type: "AWS::EC2::SecurityGroupIngress", Properties: {GroupId: !Ref Group, IpProtocol: tcp, SourceSecurityGroupId: sg-none}}
                """);
        aws.ok("cloudformation", "create-stack", "--stack-name", "bad", "--template-body", "file://" + file);
        until(() -> !cloud.parts().stacks().find("bad").isBusy());
        assertThat(cloud.parts().stacks().find("bad").status()).isEqualTo("ROLLBACK_COMPLETE");
        assertThat(cloud.parts().ec2().groups().list()).noneMatch(g -> g.name().startsWith("bad-"));
        Path unknown = Files.writeString(
                directory.resolve("unknown.json"), "{\"Resources\":{\"A\":{\"Type\":\"AWS::SQS::Queue\"}}}");
        assertThat(aws.fails("cloudformation", "validate-template", "--template-body", "file://" + unknown))
                .contains("Unrecognized resource types: [AWS::SQS::Queue]");
    }

    @Test
    void objectsAreCopiedListedAndRemoved() throws Exception {
        aws.ok("s3 mb s3://backups");
        Path big = directory.resolve("big");
        byte[] content = new byte[9 << 20];
        new java.util.Random(1).nextBytes(content);
        Files.write(big, content);
        Path small = Files.writeString(directory.resolve("small"), "hello");
        aws.ok("s3", "cp", big.toString(), "s3://backups/a/big");
        aws.ok("s3", "cp", small.toString(), "s3://backups/a/b c&d");
        assertThat(aws.ok("s3 ls s3://backups/a/").path("text").asText())
                .contains("big")
                .contains("b c&d");
        aws.ok("s3", "cp", "s3://backups/a/big", directory.resolve("back").toString());
        assertThat(Files.mismatch(big, directory.resolve("back"))).isEqualTo(-1);
        assertThat(aws.fails("s3api put-object --bucket backups --key a/big --if-none-match *"))
                .contains("PreconditionFailed");
        assertThat(aws.fails("s3 rb s3://backups")).contains("BucketNotEmpty");
        aws.ok("s3 rm --recursive s3://backups/a/");
        aws.ok("s3 rb s3://backups");
    }
}
