package io.pilothouse.cloud.autoscaling;

import io.pilothouse.cloud.ec2.Ec2Model.Instance;
import io.pilothouse.cloud.ec2.Ec2Model.InstanceState;
import io.pilothouse.cloud.ec2.Ec2Model.LaunchData;
import io.pilothouse.cloud.ec2.Ec2Store;
import io.pilothouse.cloud.ec2.InstanceService;
import io.pilothouse.cloud.ec2.Launches;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.state.StateStore;
import io.pilothouse.cloud.state.Table;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The groups, and the reconciler that keeps as many instances running as each wants. All it knows is in the store, so it goes on after a
 * crash. {@link #reconcile} is for one thread at a time; the rest is safe for many.
 */
public final class Groups {
    private static final Logger log = LoggerFactory.getLogger(Groups.class);
    private static final long RETRY_MILLIS = 10_000;
    private final Table<Group> groups;
    private final Ec2Store ec2;
    private final InstanceService instances;
    private final IamStore iam;
    private final Map<String, Long> notBefore = new ConcurrentHashMap<>();
    private volatile Runnable wake = () -> {};

    /** Over the region's records. */
    public Groups(StateStore store, Ec2Store ec2, InstanceService instances, IamStore iam) {
        this.groups = new Table<>(store, "autoscaling/groups", Group.class);
        this.ec2 = ec2;
        this.instances = instances;
        this.iam = iam;
    }

    /** What to call when there is something to reconcile. */
    public void onChange(Runnable action) {
        wake = action;
    }

    /** All groups. */
    public List<Group> list() {
        return groups.list();
    }

    /** A group that must exist. */
    public Group group(String name) {
        return groups.find(name)
                .orElseThrow(() -> AwsException.validation(
                        "AutoScalingGroup name not found - AutoScalingGroup '" + name + "' not found"));
    }

    /** Whether there is a group of that name. */
    public boolean exists(String name) {
        return groups.find(name).isPresent();
    }

    /** A group's live instances, oldest first. */
    public List<Instance> members(String name) {
        return ec2.instances().list().stream()
                .filter(i -> name.equals(i.group()) && i.isLive())
                .sorted(Comparator.comparingLong(Instance::launchedMillis).thenComparing(Instance::id))
                .toList();
    }

    /** Makes a group. */
    public void create(Group group) {
        check(group);
        if (!groups.insert(group.name(), group)) {
            throw new AwsException(
                    400,
                    "AlreadyExists",
                    "AutoScalingGroup by this name already exists - A group with the name " + group.name()
                            + " already exists");
        }
        wake.run();
    }

    /** Changes a group. */
    public Group update(String name, UnaryOperator<Group> change) {
        group(name);
        Group changed = groups.update(name, g -> {
                    Group next = change.apply(g);
                    check(next);
                    return next;
                })
                .orElseThrow(() -> AwsException.validation(
                        "AutoScalingGroup name not found - AutoScalingGroup '" + name + "' not found"));
        notBefore.remove(name);
        wake.run();
        return changed;
    }

    private void check(Group g) {
        if (g.min() < 0 || g.max() < g.min() || g.desired() < g.min() || g.desired() > g.max()) {
            throw AwsException.validation("Desired capacity:" + g.desired() + " must be between the specified min size:"
                    + g.min() + " and max size:" + g.max());
        }
        if (g.subnets().isEmpty()) {
            throw AwsException.validation("At least one Availability Zone or VPC Subnet is required.");
        }
        g.subnets().forEach(ec2::subnet);
        if (!g.deleting()) {
            Launches.check(launchData(g), ec2, iam);
        }
    }

    private LaunchData launchData(Group g) {
        return Launches.merge(
                Launches.NOTHING,
                Ec2Store.version(ec2.template(g.template()), g.version()).data());
    }

    /** Ends a group; it is gone when its instances are. */
    public void delete(String name, boolean force) {
        group(name);
        if (!force && !members(name).isEmpty()) {
            throw new AwsException(
                    400,
                    "ResourceInUse",
                    "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.");
        }
        groups.update(name, Group::ended);
        wake.run();
    }

    /** Ends a member; the reconciler puts a new one in its place. */
    public void replace(String instanceId) {
        instances.terminate(instanceId, "Client.InstanceInitiatedShutdown: replaced in a rolling update");
        wake.run();
    }

    /** Brings every group one step nearer to what it wants. */
    public void reconcile() {
        for (Group group : groups.list()) {
            try {
                reconcile(group);
            } catch (RuntimeException e) {
                notBefore.put(group.name(), iam.clock().millis() + RETRY_MILLIS);
                log.atWarn()
                        .addKeyValue("group", group.name())
                        .addKeyValue("error", e.getMessage())
                        .log("group could not be brought to its size; tries again");
            }
        }
    }

    private void reconcile(Group group) {
        List<Instance> members = members(group.name());
        int missing = group.desired() - members.size();
        if (missing < 0) {
            members.subList(0, -missing)
                    .forEach(i -> instances.terminate(i.id(), "Client.UserInitiatedShutdown: scale in"));
        } else if (missing > 0
                && notBefore.getOrDefault(group.name(), 0L) <= iam.clock().millis()) {
            for (int i = 0; i < missing; i++) {
                launch(group);
            }
        }
        if (group.deleting() && members(group.name()).isEmpty()) {
            groups.remove(group.name());
        }
    }

    /** Launches in the group's subnet with the fewest members. */
    private void launch(Group group) {
        Map<String, Integer> used = new HashMap<>();
        members(group.name()).forEach(i -> used.merge(i.placement().subnetId(), 1, Integer::sum));
        String subnet = group.subnets().stream()
                .min(Comparator.comparingInt(s -> used.getOrDefault(s, 0)))
                .orElseThrow();
        LaunchData data = launchData(group);
        Map<String, String> tags = new TreeMap<>(data.instanceTags());
        group.tags().stream().filter(Group.Tag::propagate).forEach(t -> tags.put(t.key(), t.value()));
        tags.put("aws:autoscaling:groupName", group.name());
        Instance instance = instances.launch(data, subnet, iam.ids().resource("r"), group.name(), tags);
        log.atInfo()
                .addKeyValue("group", group.name())
                .addKeyValue("instance", instance.id())
                .log("instance launched");
    }

    /** Whether a group has as many running instances as it wants. */
    public boolean isSettled(String name) {
        return groups.find(name)
                .map(g -> !g.deleting()
                        && members(name).stream()
                                        .filter(i -> i.state() == InstanceState.RUNNING)
                                        .count()
                                == g.desired())
                .orElse(true);
    }
}
