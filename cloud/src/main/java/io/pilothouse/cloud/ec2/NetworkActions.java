package io.pilothouse.cloud.ec2;

import io.pilothouse.cloud.ec2.Ec2Model.Recorded;
import io.pilothouse.cloud.ec2.Ec2Model.Subnet;
import io.pilothouse.cloud.ec2.Ec2Model.Vpc;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.protocol.QueryCall;
import io.pilothouse.cloud.protocol.QueryService;
import io.pilothouse.cloud.protocol.XmlWriter;
import java.util.List;
import java.util.Map;

/** VPCs and subnets. */
final class NetworkActions {
    private final IamStore iam;
    private final Ec2Store store;
    private final Resources resources;

    NetworkActions(IamStore iam, Ec2Store store, Resources resources) {
        this.iam = iam;
        this.store = store;
        this.resources = resources;
    }

    void register(QueryService service) {
        service.action("DescribeVpcs", this::vpcs, "VpcId", "Filter", "MaxResults")
                .action("CreateVpc", this::createVpc, "CidrBlock", "TagSpecification")
                .action(
                        "DeleteVpc",
                        (call, out) -> {
                            resources.deleteVpc(call.params().required("VpcId"));
                            Ec2Service.done(out);
                        },
                        "VpcId")
                .action("DescribeSubnets", this::subnets, "SubnetId", "Filter", "MaxResults")
                .action(
                        "CreateSubnet",
                        this::createSubnet,
                        "VpcId",
                        "CidrBlock",
                        "AvailabilityZone",
                        "TagSpecification")
                .action(
                        "DeleteSubnet",
                        (call, out) -> {
                            resources.deleteSubnet(call.params().required("SubnetId"));
                            Ec2Service.done(out);
                        },
                        "SubnetId")
                .action(
                        "DescribeInternetGateways",
                        (call, out) -> recorded(
                                call, out, "AWS::EC2::InternetGateway", "internetGatewaySet", "internetGatewayId"),
                        "Filter")
                .action(
                        "DescribeRouteTables",
                        (call, out) -> recorded(call, out, "AWS::EC2::RouteTable", "routeTableSet", "routeTableId"),
                        "Filter");
    }

    private void vpcs(QueryCall call, XmlWriter out) {
        List<Vpc> all = Filters.byId(call.params().list("VpcId"), store.vpcs().list(), Vpc::id, "VpcID");
        List<Vpc> vpcs = Filters.apply(
                call.params(),
                all,
                Vpc::tags,
                Map.of(
                        "vpc-id",
                        Vpc::id,
                        "cidr",
                        Vpc::cidr,
                        "state",
                        v -> "available",
                        "isDefault",
                        v -> String.valueOf(v.isDefault()),
                        "is-default",
                        v -> String.valueOf(v.isDefault())));
        out.list("vpcSet", "item", vpcs, v -> vpc(out, v));
    }

    private void vpc(XmlWriter out, Vpc vpc) {
        out.text("vpcId", vpc.id())
                .text("ownerId", iam.arns().account())
                .text("state", "available")
                .text("cidrBlock", vpc.cidr())
                .text("dhcpOptionsId", "default")
                .text("instanceTenancy", "default")
                .text("isDefault", vpc.isDefault());
        Ec2Service.tags(out, vpc.tags());
    }

    private void createVpc(QueryCall call, XmlWriter out) {
        Vpc vpc = resources.createVpc(
                iam.ids().resource("vpc"), call.params().required("CidrBlock"), Ec2Service.tags(call.params(), "vpc"));
        vpc(out.open("vpc"), vpc);
        out.close();
    }

    private void subnets(QueryCall call, XmlWriter out) {
        List<Subnet> all =
                Filters.byId(call.params().list("SubnetId"), store.subnets().list(), Subnet::id, "SubnetID");
        List<Subnet> subnets = Filters.apply(
                call.params(),
                all,
                Subnet::tags,
                Map.of(
                        "subnet-id",
                        Subnet::id,
                        "vpc-id",
                        Subnet::vpcId,
                        "availability-zone",
                        Subnet::zone,
                        "state",
                        s -> "available",
                        "cidr-block",
                        Subnet::cidr,
                        "default-for-az",
                        s -> String.valueOf(s.isDefault())));
        out.list("subnetSet", "item", subnets, s -> subnet(out, s));
    }

    private void subnet(XmlWriter out, Subnet s) {
        long used = store.instances().list().stream()
                .filter(i -> i.isLive() && i.placement().subnetId().equals(s.id()))
                .count();
        out.text("subnetId", s.id())
                .text("subnetArn", iam.arns().regional("ec2", "subnet/" + s.id()))
                .text("state", "available")
                .text("vpcId", s.vpcId())
                .text("ownerId", iam.arns().account())
                .text("cidrBlock", s.cidr())
                .text(
                        "availableIpAddressCount",
                        (1 << (32 - Cidr.parse(s.cidr()).bits())) - 5 - used)
                .text("availabilityZone", s.zone())
                .text("availabilityZoneId", s.zone())
                .text("defaultForAz", s.isDefault())
                .text("mapPublicIpOnLaunch", false);
        Ec2Service.tags(out, s.tags());
    }

    private void createSubnet(QueryCall call, XmlWriter out) {
        Subnet subnet = resources.createSubnet(
                iam.ids().resource("subnet"),
                call.params().required("VpcId"),
                call.params().required("CidrBlock"),
                call.params().get("AvailabilityZone", resources.zones().getFirst()),
                Ec2Service.tags(call.params(), "subnet"));
        subnet(out.open("subnet"), subnet);
        out.close();
    }

    private void recorded(QueryCall call, XmlWriter out, String type, String set, String id) {
        List<Recorded> all = store.recorded().list().stream()
                .filter(r -> r.type().equals(type))
                .toList();
        out.list(
                set,
                "item",
                Filters.apply(
                        call.params(),
                        all,
                        Recorded::tags,
                        Map.of("vpc-id", r -> r.properties().getOrDefault("VpcId", ""))),
                r -> {
                    out.text(id, r.id())
                            .text("ownerId", iam.arns().account())
                            .text("vpcId", r.properties().get("VpcId"));
                    Ec2Service.tags(out, r.tags());
                });
    }
}
