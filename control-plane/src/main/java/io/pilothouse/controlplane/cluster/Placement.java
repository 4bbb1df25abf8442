package io.pilothouse.controlplane.cluster;

import io.pilothouse.cloud.ec2.VpcNetwork;
import io.pilothouse.controlplane.eks.ClusterRecord.Layout;
import io.pilothouse.controlplane.eks.ClusterRecord.Member;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Gives a cluster's parts their addresses and takes them back. */
final class Placement {
    static final int MASTERS = 3;
    static final int MEMBERS = 3;
    private final VpcNetwork network;

    Placement(VpcNetwork network) {
        this.network = network;
    }

    /** Addresses of the VPC with port 443 where the network has them, else free ports of the loopback address. */
    Layout place(String cluster) throws IOException {
        List<Integer> ports = Ports.free(2 * MEMBERS + MASTERS + 1);
        List<Member> etcd = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            etcd.add(new Member(ports.get(2 * i), ports.get(2 * i + 1)));
        }
        List<String> masters = new ArrayList<>();
        for (int i = 0; i < MASTERS; i++) {
            masters.add(
                    network.isolated()
                            ? network.allocateAddress(owner(cluster, i)) + ":443"
                            : "127.0.0.1:" + ports.get(2 * MEMBERS + i));
        }
        String endpoint = network.isolated()
                ? network.allocateAddress(cluster + "/endpoint") + ":443"
                : "127.0.0.1:" + ports.getLast();
        return new Layout(masters, endpoint, etcd, network.isolated());
    }

    private static String owner(String cluster, int master) {
        return cluster + "/master-" + master;
    }

    /** Gives the addresses back. */
    void release(String cluster) {
        for (int i = 0; i < MASTERS; i++) {
            network.release(owner(cluster, i));
        }
        network.release(cluster + "/endpoint");
    }
}
