package io.pilothouse.cloud.ec2;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The stored records of EC2. Times are epoch milliseconds. */
public final class Ec2Model {
    private Ec2Model() {}

    /** A VPC. Only the default one has a network behind it. */
    public record Vpc(String id, String cidr, boolean isDefault, Map<String, String> tags) {}

    /** A subnet. */
    public record Subnet(
            String id, String vpcId, String cidr, String zone, boolean isDefault, Map<String, String> tags) {}

    /** A rule of a security group; recorded, and not enforced by the emulated network. */
    public record Rule(
            String id,
            boolean egress,
            String protocol,
            int fromPort,
            int toPort,
            @Nullable String cidr,
            @Nullable String peerGroup,
            String description) {}

    /** A security group. */
    public record SecurityGroup(
            String id, String name, String description, String vpcId, List<Rule> rules, Map<String, String> tags) {}

    /** What a version of a launch template says; empty texts where it says nothing. */
    public record LaunchData(
            String imageId,
            String instanceType,
            String keyName,
            String userData,
            String profile,
            List<String> securityGroupIds,
            String httpTokens,
            int volumeGib,
            Map<String, String> instanceTags) {}

    /** A version of a launch template, counted from 1. */
    public record TemplateVersion(int number, long createdMillis, String description, LaunchData data) {}

    /** A launch template. */
    public record LaunchTemplate(
            String id,
            String name,
            long createdMillis,
            int defaultVersion,
            List<TemplateVersion> versions,
            Map<String, String> tags) {}

    /** Anything that is only recorded: internet gateways, route tables, routes, addresses. */
    public record Recorded(String id, String type, Map<String, String> properties, Map<String, String> tags) {}

    /** The key that signs the metadata service's session tokens, in base64. */
    public record TokenKey(String secret) {
        /** Shows no secret. */
        @Override
        public String toString() {
            return "TokenKey[]";
        }
    }

    /** An address in use. */
    public record Address(String address, String owner) {}

    /** The states of an instance. */
    public enum InstanceState {
        PENDING("pending", 0),
        RUNNING("running", 16),
        SHUTTING_DOWN("shutting-down", 32),
        TERMINATED("terminated", 48);

        private final String text;
        private final int code;

        InstanceState(String text, int code) {
            this.text = text;
            this.code = code;
        }

        /** EC2's word for it. */
        public String text() {
            return text;
        }

        /** EC2's number for it. */
        public int code() {
            return code;
        }
    }

    /**
     * The process that is the instance: the process at the root of its tree.
     *
     * @param pid its process id, 0 before it is started
     * @param startTicks its start time as /proc has it, so that a reused id is not mistaken for it
     */
    public record InstanceProcess(long pid, long startTicks) {
        /** None yet. */
        public static final InstanceProcess NONE = new InstanceProcess(0, 0);
    }

    /** Where an instance is in the network. */
    public record Placement(
            String zone, String subnetId, String vpcId, String address, String podPrefix, String mac, String dnsName) {}

    /** An instance. */
    public record Instance(
            String id,
            String reservationId,
            InstanceState state,
            String reason,
            LaunchData launch,
            Placement placement,
            InstanceProcess process,
            @Nullable String group,
            long launchedMillis,
            long endedMillis,
            Map<String, String> tags) {

        Instance with(InstanceState newState, String newReason, InstanceProcess newProcess, long ended) {
            return new Instance(
                    id,
                    reservationId,
                    newState,
                    newReason,
                    launch,
                    placement,
                    newProcess,
                    group,
                    launchedMillis,
                    ended,
                    tags);
        }

        Instance withTags(Map<String, String> newTags) {
            return new Instance(
                    id,
                    reservationId,
                    state,
                    reason,
                    launch,
                    placement,
                    process,
                    group,
                    launchedMillis,
                    endedMillis,
                    newTags);
        }

        /** Whether it counts as being there. */
        public boolean isLive() {
            return state == InstanceState.PENDING || state == InstanceState.RUNNING;
        }
    }
}
