package io.pilothouse.cloud.ec2;

import io.pilothouse.cloud.ec2.Ec2Model.Instance;
import io.pilothouse.cloud.ec2.Ec2Model.LaunchData;
import io.pilothouse.cloud.ec2.Ec2Model.LaunchTemplate;
import io.pilothouse.cloud.ec2.Ec2Model.Subnet;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.protocol.Params;
import io.pilothouse.cloud.protocol.QueryCall;
import io.pilothouse.cloud.protocol.QueryService;
import io.pilothouse.cloud.protocol.XmlWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Instances. */
final class InstanceActions {
    private static final int MAX_AT_ONCE = 50;
    private final IamStore iam;
    private final Ec2Store store;
    private final InstanceService instances;

    InstanceActions(IamStore iam, Ec2Store store, InstanceService instances) {
        this.iam = iam;
        this.store = store;
        this.instances = instances;
    }

    void register(QueryService service) {
        service.action(
                        "RunInstances",
                        this::run,
                        "ImageId",
                        "InstanceType",
                        "KeyName",
                        "UserData",
                        "IamInstanceProfile",
                        "SecurityGroupId",
                        "MetadataOptions",
                        "TagSpecification",
                        "BlockDeviceMapping",
                        "SubnetId",
                        "MinCount",
                        "MaxCount",
                        "LaunchTemplate",
                        "ClientToken")
                .action("TerminateInstances", this::terminate, "InstanceId")
                .action("DescribeInstances", this::describe, "InstanceId", "Filter", "MaxResults")
                .action(
                        "DescribeInstanceStatus",
                        this::status,
                        "InstanceId",
                        "IncludeAllInstances",
                        "Filter",
                        "MaxResults");
    }

    private void run(QueryCall call, XmlWriter out) {
        Params p = call.params();
        int count = p.integer("MaxCount").orElse(1);
        if (count < 1 || count > MAX_AT_ONCE) {
            throw Ec2Service.invalid("MaxCount must be between 1 and " + MAX_AT_ONCE);
        }
        LaunchData data = Launches.merge(template(p), own(p));
        Launches.check(data, store, iam);
        String subnet = p.find("SubnetId")
                .orElseGet(() -> store.subnets().list().stream()
                        .filter(Subnet::isDefault)
                        .map(Subnet::id)
                        .findFirst()
                        .orElseThrow(() -> Ec2Service.invalid("no default subnet")));
        Map<String, String> tags = new TreeMap<>(data.instanceTags());
        String reservation = iam.ids().resource("r");
        List<Instance> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(instances.launch(data, subnet, reservation, null, tags));
        }
        out.text("reservationId", reservation).text("ownerId", iam.arns().account());
        out.list("instancesSet", "item", made, i -> write(out, i));
    }

    private static LaunchData own(Params p) {
        TreeMap<String, String> none = new TreeMap<>();
        return new LaunchData(
                p.get("ImageId", ""),
                p.get("InstanceType", ""),
                p.get("KeyName", ""),
                p.get("UserData", ""),
                p.find("IamInstanceProfile.Arn")
                        .or(() -> p.find("IamInstanceProfile.Name"))
                        .orElse(""),
                p.list("SecurityGroupId"),
                p.get("MetadataOptions.HttpTokens", ""),
                0,
                Ec2Service.tags(p, "instance").isEmpty() ? none : Ec2Service.tags(p, "instance"));
    }

    private LaunchData template(Params p) {
        Params named = p.under("LaunchTemplate");
        if (named.isEmpty()) {
            return Launches.NOTHING;
        }
        LaunchTemplate template =
                store.template(named.find("LaunchTemplateId").orElseGet(() -> named.required("LaunchTemplateName")));
        return Ec2Store.version(template, named.get("Version", "")).data();
    }

    private void terminate(QueryCall call, XmlWriter out) {
        List<Instance> before =
                call.params().list("InstanceId").stream().map(store::instance).toList();
        before.forEach(i -> instances.terminate(i.id(), "User initiated"));
        out.list("instancesSet", "item", before, i -> {
            Instance now = store.instance(i.id());
            out.text("instanceId", i.id());
            state(out, "currentState", now);
            state(out, "previousState", i);
        });
    }

    private static void state(XmlWriter out, String name, Instance i) {
        out.open(name)
                .text("code", i.state().code())
                .text("name", i.state().text())
                .close();
    }

    private List<Instance> select(QueryCall call) {
        List<Instance> all =
                Filters.byId(call.params().list("InstanceId"), store.instances().list(), Instance::id, "InstanceID");
        Map<String, Function<Instance, String>> known = Map.of(
                "instance-id", Instance::id,
                "instance-state-name", i -> i.state().text(),
                "instance-state-code", i -> String.valueOf(i.state().code()),
                "private-dns-name", i -> i.placement().dnsName(),
                "private-ip-address", i -> i.placement().address(),
                "availability-zone", i -> i.placement().zone(),
                "subnet-id", i -> i.placement().subnetId(),
                "vpc-id", i -> i.placement().vpcId(),
                "instance-type", i -> i.launch().instanceType(),
                "image-id", i -> i.launch().imageId());
        return Filters.apply(call.params(), all, Instance::tags, known);
    }

    private void describe(QueryCall call, XmlWriter out) {
        Map<String, List<Instance>> byReservation = new TreeMap<>();
        select(call)
                .forEach(i -> byReservation
                        .computeIfAbsent(i.reservationId(), r -> new ArrayList<>())
                        .add(i));
        out.list("reservationSet", "item", byReservation.entrySet(), r -> {
            out.text("reservationId", r.getKey()).text("ownerId", iam.arns().account());
            out.list("instancesSet", "item", r.getValue(), i -> write(out, i));
        });
    }

    private void status(QueryCall call, XmlWriter out) {
        boolean all = call.params().bool("IncludeAllInstances").orElse(false);
        out.list(
                "instanceStatusSet",
                "item",
                select(call).stream()
                        .filter(i -> all || i.state() == Ec2Model.InstanceState.RUNNING)
                        .toList(),
                i -> {
                    out.text("instanceId", i.id())
                            .text("availabilityZone", i.placement().zone());
                    state(out, "instanceState", i);
                    out.open("instanceStatus")
                            .text("status", i.isLive() ? "ok" : "not-applicable")
                            .close();
                    out.open("systemStatus")
                            .text("status", i.isLive() ? "ok" : "not-applicable")
                            .close();
                });
    }

    private void write(XmlWriter out, Instance i) {
        Ec2Model.Placement where = i.placement();
        out.text("instanceId", i.id())
                .text("imageId", i.launch().imageId())
                .text("instanceType", i.launch().instanceType());
        state(out, "instanceState", i);
        out.text("privateDnsName", i.isLive() ? where.dnsName() : "")
                .text("dnsName", "")
                .text("reason", i.reason())
                .text(
                        "keyName",
                        i.launch().keyName().isEmpty() ? null : i.launch().keyName())
                .time("launchTime", i.launchedMillis());
        out.open("placement")
                .text("availabilityZone", where.zone())
                .text("tenancy", "default")
                .close();
        out.open("monitoring").text("state", "disabled").close();
        if (i.isLive()) {
            out.text("subnetId", where.subnetId())
                    .text("vpcId", where.vpcId())
                    .text("privateIpAddress", where.address());
        }
        out.list(
                "groupSet",
                "item",
                i.launch().securityGroupIds(),
                id -> out.text("groupId", id)
                        .text(
                                "groupName",
                                store.groups()
                                        .find(id)
                                        .map(Ec2Model.SecurityGroup::name)
                                        .orElse(null)));
        out.text("architecture", "x86_64").text("rootDeviceType", "ebs").text("virtualizationType", "hvm");
        if (!i.launch().profile().isEmpty()) {
            out.open("iamInstanceProfile")
                    .text("arn", Launches.profileArn(i.launch().profile(), iam))
                    .close();
        }
        out.open("stateReason").text("message", i.reason()).close();
        Ec2Service.tags(out, i.tags());
    }
}
