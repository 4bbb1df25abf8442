package io.pilothouse.cloud.ec2;

import io.pilothouse.cloud.ec2.Ec2Model.Instance;
import io.pilothouse.cloud.ec2.Ec2Model.InstanceProcess;
import io.pilothouse.cloud.ec2.Ec2Model.InstanceState;
import io.pilothouse.cloud.ec2.Ec2Model.LaunchData;
import io.pilothouse.cloud.ec2.Ec2Model.Placement;
import io.pilothouse.cloud.ec2.Ec2Model.Subnet;
import io.pilothouse.cloud.ec2.Ec2Model.Vpc;
import io.pilothouse.cloud.iam.Ids;
import io.pilothouse.cloud.protocol.AwsException;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of instances: launch, watch, terminate; and what a restart finds. Safe for many threads. */
public final class InstanceService {
    private static final Logger log = LoggerFactory.getLogger(InstanceService.class);
    private static final long KEEP_TERMINATED_MILLIS = 3_600_000;
    private final Ec2Store store;
    private final VpcNetwork network;
    private final InstanceRuntime runtime;
    private final Ids ids;
    private final String region;
    private final Clock clock;

    /** Over the region's records, network and runtime. */
    public InstanceService(
            Ec2Store store, VpcNetwork network, InstanceRuntime runtime, Ids ids, String region, Clock clock) {
        this.store = store;
        this.network = network;
        this.runtime = runtime;
        this.ids = ids;
        this.region = region;
        this.clock = clock;
    }

    /**
     * Launches an instance; it is recorded before it is started, so a crash in between leaves nothing unknown.
     *
     * @param group the Auto Scaling group it belongs to, or null
     */
    public Instance launch(
            LaunchData data, String subnetId, String reservationId, @Nullable String group, Map<String, String> tags) {
        Subnet subnet = store.subnet(subnetId);
        Vpc vpc = store.vpcs().find(subnet.vpcId()).orElseThrow(() -> Ec2Store.notFound("VpcID", subnet.vpcId()));
        if (!vpc.isDefault() || !subnet.isDefault()) {
            throw new AwsException(
                    400,
                    "UnsupportedOperation",
                    "Instances run in the subnets of the default VPC only: " + subnetId + " is just recorded.");
        }
        String id = ids.resource("i");
        int index = subnetIndex(subnet);
        int host = network.allocateInstance(index, id);
        String address = network.subnet(index).host(host);
        Placement placement = new Placement(
                subnet.zone(),
                subnet.id(),
                subnet.vpcId(),
                address,
                network.podPrefix(index, host).toString(),
                mac(address),
                "ip-" + address.replace('.', '-') + "." + region + ".compute.internal");
        Instance instance = new Instance(
                id,
                reservationId,
                InstanceState.PENDING,
                "",
                data,
                placement,
                InstanceProcess.NONE,
                group,
                clock.millis(),
                0,
                tags);
        if (!store.instances().insert(id, instance)) {
            throw new IllegalStateException("instance id drawn twice");
        }
        try {
            InstanceProcess process = runtime.start(instance);
            return store.instances()
                    .update(id, i -> i.with(i.isLive() ? InstanceState.RUNNING : i.state(), "", process, 0))
                    .orElse(instance);
        } catch (IOException e) {
            log.atError().setCause(e).addKeyValue("instance", id).log("instance could not be started");
            end(instance, "Server.InternalError: " + e.getMessage());
            throw new AwsException(500, "InternalError", "The instance could not be started: " + e.getMessage(), e);
        }
    }

    private int subnetIndex(Subnet subnet) {
        for (int i = 0; i < 3; i++) {
            if (network.subnet(i).toString().equals(subnet.cidr())) {
                return i;
            }
        }
        throw new IllegalStateException("default subnet " + subnet.id() + " has no network");
    }

    private static String mac(String address) {
        int a = Cidr.address(address);
        return String.format("02:00:%02x:%02x:%02x:%02x", (a >>> 24) & 255, (a >>> 16) & 255, (a >>> 8) & 255, a & 255);
    }

    /** Terminates an instance and all its processes; returns when they are gone. */
    public Instance terminate(String id, String reason) {
        Instance instance = store.instance(id);
        if (instance.state() == InstanceState.TERMINATED) {
            return instance;
        }
        store.instances().update(id, i -> i.with(InstanceState.SHUTTING_DOWN, reason, i.process(), 0));
        return end(store.instance(id), reason);
    }

    private Instance end(Instance instance, String reason) {
        try {
            runtime.remove(instance);
        } catch (IOException e) {
            log.atWarn().setCause(e).addKeyValue("instance", instance.id()).log("instance left something behind");
        }
        network.releaseInstance(instance.id());
        return store.instances()
                .update(
                        instance.id(),
                        i -> i.with(InstanceState.TERMINATED, reason, InstanceProcess.NONE, clock.millis()))
                .orElse(instance);
    }

    /** Looks after all instances: ends those whose process is gone or that were being ended, and forgets those long ended. */
    public void check() {
        for (Instance instance : store.instances().list()) {
            if (instance.state() == InstanceState.SHUTTING_DOWN) {
                end(instance, instance.reason());
            } else if (instance.state() == InstanceState.RUNNING && !runtime.isAlive(instance)) {
                log.atWarn().addKeyValue("instance", instance.id()).log("instance's process has ended");
                end(instance, "Server.InternalError: the instance's process ended");
            } else if (instance.state() == InstanceState.TERMINATED
                    && instance.endedMillis() < clock.millis() - KEEP_TERMINATED_MILLIS) {
                store.instances().remove(instance.id());
            }
        }
    }

    /** What the first check after a start does besides: ends instances whose launch was cut off, and removes remains of unknown ones. */
    public void recover() throws IOException {
        for (Instance instance : store.instances().list()) {
            if (instance.state() == InstanceState.PENDING) {
                end(instance, "Server.InternalError: the launch was interrupted");
            }
        }
        check();
        List<Instance> live =
                store.instances().list().stream().filter(Instance::isLive).toList();
        runtime.removeOthers(live);
        live.forEach(i -> log.atInfo()
                .addKeyValue("instance", i.id())
                .addKeyValue("address", i.placement().address())
                .log("instance runs on"));
    }

    /** Ends the processes of all instances, at the end of the region on this host. Their groups replace them at the next start. */
    public void stopAll() {
        store.instances().list().stream()
                .filter(Instance::isLive)
                .forEach(i -> terminate(i.id(), "Server.ScheduledStop"));
    }

    /** The live instance with that address. */
    public Optional<Instance> byAddress(String address) {
        return store.instances().list().stream()
                .filter(Instance::isLive)
                .filter(i -> i.placement().address().equals(address))
                .findFirst();
    }
}
