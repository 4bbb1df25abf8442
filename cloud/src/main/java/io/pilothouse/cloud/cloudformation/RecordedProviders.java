package io.pilothouse.cloud.cloudformation;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.ec2.Resources;
import io.pilothouse.cloud.protocol.AwsException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The types of a VPC template: VPCs and subnets, and what is only recorded because the emulated network does not route between networks. */
final class RecordedProviders {
    private RecordedProviders() {}

    static void register(Map<String, ResourceProvider> all, Resources resources) {
        all.put("AWS::EC2::VPC", new VpcProvider(resources));
        all.put("AWS::EC2::Subnet", new SubnetProvider(resources));
        record(all, resources, "InternetGateway", "igw");
        record(all, resources, "VPCGatewayAttachment", "vgw", "VpcId", "InternetGatewayId");
        record(all, resources, "RouteTable", "rtb", "VpcId");
        record(all, resources, "Route", "r", "RouteTableId", "DestinationCidrBlock", "GatewayId", "NatGatewayId");
        record(all, resources, "SubnetRouteTableAssociation", "rtbassoc", "SubnetId", "RouteTableId");
        record(all, resources, "EIP", "eipalloc", "Domain");
        record(all, resources, "NatGateway", "nat", "AllocationId", "SubnetId");
    }

    private static void record(
            Map<String, ResourceProvider> all, Resources resources, String type, String prefix, String... properties) {
        Set<String> known = new HashSet<>(Set.of(properties));
        known.add("Tags");
        all.put("AWS::EC2::" + type, new RecordedProvider(resources, "AWS::EC2::" + type, prefix, known));
    }

    private record RecordedProvider(Resources resources, String type, String prefix, Set<String> properties)
            implements ResourceProvider {
        @Override
        public Made create(Context context, JsonNode p) {
            Map<String, String> texts = new HashMap<>();
            p.properties().stream()
                    .filter(e -> !e.getKey().equals("Tags"))
                    .forEach(e -> texts.put(e.getKey(), e.getValue().asText()));
            String id = prefix + "-" + context.hexId();
            resources.record(id, type, texts, Props.tags(p.path("Tags")));
            return new Made(
                    id, Map.of("AllocationId", id, "RouteTableId", id, "InternetGatewayId", id, "NatGatewayId", id));
        }

        @Override
        public Made update(Context context, Made made, JsonNode before, JsonNode after) {
            return create(context, after);
        }

        @Override
        public void delete(Context context, Made made, JsonNode p) {
            resources.forget(made.physicalId());
        }
    }

    private record VpcProvider(Resources resources) implements ResourceProvider {
        @Override
        public Set<String> properties() {
            return Set.of("CidrBlock", "EnableDnsSupport", "EnableDnsHostnames", "Tags");
        }

        @Override
        public Made create(Context context, JsonNode p) {
            String id = "vpc-" + context.hexId();
            String cidr = Props.required(p, "CidrBlock");
            resources.createVpc(id, cidr, Props.tags(p.path("Tags")));
            return new Made(
                    id, Map.of("VpcId", id, "CidrBlock", cidr, "DefaultSecurityGroup", "sg-" + context.hexId()));
        }

        @Override
        public void delete(Context context, Made made, JsonNode p) {
            ifThere(() -> resources.deleteVpc(made.physicalId()));
        }
    }

    private record SubnetProvider(Resources resources) implements ResourceProvider {
        @Override
        public Set<String> properties() {
            return Set.of("VpcId", "CidrBlock", "AvailabilityZone", "MapPublicIpOnLaunch", "Tags");
        }

        @Override
        public Made create(Context context, JsonNode p) {
            String id = "subnet-" + context.hexId();
            String zone = Props.text(p, "AvailabilityZone", resources.zones().getFirst());
            resources.createSubnet(
                    id, Props.required(p, "VpcId"), Props.required(p, "CidrBlock"), zone, Props.tags(p.path("Tags")));
            return new Made(id, Map.of("SubnetId", id, "AvailabilityZone", zone, "VpcId", Props.required(p, "VpcId")));
        }

        @Override
        public void delete(Context context, Made made, JsonNode p) {
            ifThere(() -> resources.deleteSubnet(made.physicalId()));
        }
    }

    private static void ifThere(Runnable delete) {
        try {
            delete.run();
        } catch (AwsException e) {
            if (!e.code().endsWith(".NotFound")) {
                throw e;
            }
        }
    }
}
