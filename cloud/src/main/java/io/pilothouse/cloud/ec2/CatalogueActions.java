package io.pilothouse.cloud.ec2;

import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.QueryCall;
import io.pilothouse.cloud.protocol.QueryService;
import io.pilothouse.cloud.protocol.XmlWriter;
import java.util.List;
import java.util.Map;

/** What there is to launch: zones, instance types and the one image, which is this host itself. */
public final class CatalogueActions {
    /** The image: the host's own file system. */
    public static final String IMAGE = "ami-0pilothousehost0";

    private static final List<Type> TYPES = List.of(
            new Type("t3.micro", 2, 1024),
            new Type("t3.small", 2, 2048),
            new Type("t3.medium", 2, 4096),
            new Type("t3.large", 2, 8192),
            new Type("t3.xlarge", 4, 16384),
            new Type("m5.large", 2, 8192),
            new Type("m5.xlarge", 4, 16384),
            new Type("m6i.large", 2, 8192),
            new Type("c5.large", 2, 4096),
            new Type("r5.large", 2, 16384));
    private final IamStore iam;

    private record Type(String name, int cpus, int memoryMib) {}

    CatalogueActions(IamStore iam) {
        this.iam = iam;
    }

    static boolean isImage(String id) {
        return id.equals(IMAGE);
    }

    static boolean isType(String name) {
        return TYPES.stream().anyMatch(t -> t.name().equals(name));
    }

    void register(QueryService service) {
        service.action("DescribeAvailabilityZones", this::zones, "ZoneName", "Filter", "AllAvailabilityZones")
                .action("DescribeRegions", this::regions, "RegionName", "AllRegions")
                .action("DescribeInstanceTypes", this::types, "InstanceType", "MaxResults")
                .action("DescribeImages", this::images, "ImageId", "Owner", "Filter");
    }

    private void zones(QueryCall call, XmlWriter out) {
        String region = iam.arns().region();
        List<String> all = Filters.byId(
                call.params().list("ZoneName"), List.of(region + "a", region + "b", region + "c"), z -> z, "ZoneName");
        out.list(
                "availabilityZoneInfo",
                "item",
                Filters.apply(
                        call.params(),
                        all,
                        z -> Map.of(),
                        Map.of("zone-name", z -> z, "state", z -> "available", "region-name", z -> region)),
                z -> out.text("zoneName", z)
                        .text("zoneState", "available")
                        .text("regionName", region)
                        .text("zoneId", z)
                        .text("zoneType", "availability-zone")
                        .text("optInStatus", "opt-in-not-required"));
    }

    private void regions(QueryCall call, XmlWriter out) {
        out.open("regionInfo")
                .open("item")
                .text("regionName", iam.arns().region())
                .text("optInStatus", "opt-in-not-required")
                .close()
                .close();
    }

    private void types(QueryCall call, XmlWriter out) {
        List<String> wanted = call.params().list("InstanceType");
        wanted.stream().filter(w -> !isType(w)).findFirst().ifPresent(w -> {
            throw new AwsException(
                    400, "InvalidInstanceType", "The following supplied instance types do not exist: [" + w + "]");
        });
        out.list(
                "instanceTypeSet",
                "item",
                TYPES.stream()
                        .filter(t -> wanted.isEmpty() || wanted.contains(t.name()))
                        .toList(),
                t -> {
                    out.text("instanceType", t.name())
                            .text("currentGeneration", true)
                            .text("bareMetal", false);
                    out.open("vCpuInfo").text("defaultVCpus", t.cpus()).close();
                    out.open("memoryInfo").text("sizeInMiB", t.memoryMib()).close();
                    out.open("processorInfo")
                            .open("supportedArchitectures")
                            .text("item", "x86_64")
                            .close()
                            .close();
                    out.open("networkInfo")
                            .text("maximumNetworkInterfaces", 1)
                            .text("ipv4AddressesPerInterface", 62)
                            .close();
                });
    }

    private void images(QueryCall call, XmlWriter out) {
        List<String> wanted = call.params().list("ImageId");
        wanted.stream().filter(w -> !w.equals(IMAGE)).findFirst().ifPresent(w -> {
            throw new AwsException(400, "InvalidAMIID.NotFound", "The image id '[" + w + "]' does not exist");
        });
        List<String> found = Filters.apply(
                call.params(),
                List.of(IMAGE),
                i -> Map.of(),
                Map.of(
                        "image-id",
                        i -> i,
                        "name",
                        i -> "pilothouse-host",
                        "state",
                        i -> "available",
                        "architecture",
                        i -> "x86_64"));
        out.list(
                "imagesSet",
                "item",
                found,
                i -> out.text("imageId", i)
                        .text("imageState", "available")
                        .text("name", "pilothouse-host")
                        .text("imageOwnerId", iam.arns().account())
                        .text("isPublic", true)
                        .text("architecture", "x86_64")
                        .text("imageType", "machine")
                        .text("description", "Emulated: the file system of the host that runs the region"));
    }
}
