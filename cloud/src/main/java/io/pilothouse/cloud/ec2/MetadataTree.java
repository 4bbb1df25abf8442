package io.pilothouse.cloud.ec2;

import io.pilothouse.cloud.ec2.Ec2Model.Instance;
import io.pilothouse.cloud.ec2.Ec2Model.Subnet;
import io.pilothouse.cloud.iam.Arns;
import io.pilothouse.cloud.protocol.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the metadata service tells an instance of itself, but for credentials and user data: texts by path below /latest/. */
final class MetadataTree {
    private final Arns arns;
    private final Ec2Store store;
    private final VpcNetwork network;

    MetadataTree(Arns arns, Ec2Store store, VpcNetwork network) {
        this.arns = arns;
        this.store = store;
        this.network = network;
    }

    /** The value at a path, or the listing of a folder. */
    static Optional<String> find(NavigableMap<String, String> tree, String path) {
        String value = tree.get(path);
        if (value != null) {
            return Optional.of(value);
        }
        String folder = path.isEmpty() || path.endsWith("/") ? path : path + "/";
        TreeSet<String> names = new TreeSet<>();
        for (String key : tree.tailMap(folder).keySet()) {
            if (!key.startsWith(folder)) {
                break;
            }
            String rest = key.substring(folder.length());
            int slash = rest.indexOf('/');
            names.add(slash < 0 ? rest : rest.substring(0, slash + 1));
        }
        return names.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", names));
    }

    NavigableMap<String, String> of(Instance instance) {
        TreeMap<String, String> tree = new TreeMap<>();
        String meta = "meta-data/";
        Ec2Model.Placement where = instance.placement();
        tree.put(meta + "instance-id", instance.id());
        tree.put(meta + "reservation-id", instance.reservationId());
        tree.put(meta + "ami-id", instance.launch().imageId());
        tree.put(meta + "instance-type", instance.launch().instanceType());
        tree.put(meta + "instance-life-cycle", "on-demand");
        tree.put(meta + "hostname", where.dnsName());
        tree.put(meta + "local-hostname", where.dnsName());
        tree.put(meta + "local-ipv4", where.address());
        tree.put(meta + "mac", where.mac());
        tree.put(meta + "placement/availability-zone", where.zone());
        tree.put(meta + "placement/region", arns.region());
        tree.put(meta + "services/domain", "amazonaws.com");
        tree.put(meta + "services/partition", arns.partition());
        tree.put(meta + "security-groups", String.join("\n", groupNames(instance)));
        instance.tags().forEach((name, value) -> tree.put(meta + "tags/instance/" + name.replace('/', '_'), value));
        interfaces(instance, tree, meta + "network/interfaces/macs/" + where.mac() + "/");
        tree.put("dynamic/instance-identity/document", identity(instance));
        return tree;
    }

    private void interfaces(Instance instance, Map<String, String> tree, String mac) {
        Ec2Model.Placement where = instance.placement();
        tree.put(mac + "mac", where.mac());
        tree.put(mac + "device-number", "0");
        tree.put(mac + "interface-id", "eni-" + instance.id().substring(2));
        tree.put(mac + "owner-id", arns.account());
        tree.put(mac + "local-hostname", where.dnsName());
        tree.put(mac + "local-ipv4s", where.address());
        tree.put(mac + "ipv4-prefix", where.podPrefix());
        tree.put(mac + "subnet-id", where.subnetId());
        tree.put(
                mac + "subnet-ipv4-cidr-block",
                store.subnets().find(where.subnetId()).map(Subnet::cidr).orElse(""));
        tree.put(mac + "vpc-id", where.vpcId());
        tree.put(mac + "vpc-ipv4-cidr-block", network.cidr().toString());
        tree.put(mac + "vpc-ipv4-cidr-blocks", network.cidr().toString());
        tree.put(mac + "security-group-ids", String.join("\n", instance.launch().securityGroupIds()));
        tree.put(mac + "security-groups", String.join("\n", groupNames(instance)));
    }

    private java.util.List<String> groupNames(Instance instance) {
        return instance.launch().securityGroupIds().stream()
                .flatMap(id -> store.groups().find(id).stream())
                .map(Ec2Model.SecurityGroup::name)
                .toList();
    }

    private String identity(Instance instance) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("accountId", arns.account());
        document.put("architecture", System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86_64");
        document.put("availabilityZone", instance.placement().zone());
        document.put("imageId", instance.launch().imageId());
        document.put("instanceId", instance.id());
        document.put("instanceType", instance.launch().instanceType());
        document.put(
                "pendingTime", Instant.ofEpochMilli(instance.launchedMillis()).toString());
        document.put("privateIp", instance.placement().address());
        document.put("region", arns.region());
        document.put("version", "2017-09-30");
        return Json.pretty(document);
    }
}
