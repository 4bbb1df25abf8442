package io.pilothouse.cloud.ec2;

import io.pilothouse.cloud.ec2.Ec2Model.Address;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.state.StateStore;
import io.pilothouse.cloud.state.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network of the default VPC. As root it is one Linux bridge in the host: its gateway addresses belong to the host, instances and
 * their pods are on the same link. Without root it is a piece of the loopback network, where every part has an address of its own and
 * nothing is kept apart. Addresses in use are recorded, so they survive a restart. Safe for many threads.
 *
 * <p>Plan of the /16: three subnets /20 (a: 0-15, b: 16-31, c: 32-47); in a subnet, .0.1 is the gateway, .0.10 to .0.69 are instances, and
 * the instance with host number n owns the /26 block number n-10 from .1.0 on for its pods. The /20 from 240 on is for
 * {@link #allocateAddress}.
 */
public final class VpcNetwork implements AutoCloseable {
    /** Where EC2 instances find their metadata. */
    public static final String METADATA_ADDRESS = "169.254.169.254";

    private static final Logger log = LoggerFactory.getLogger(VpcNetwork.class);
    private static final int FIRST_INSTANCE = 10;
    private static final int INSTANCES = 60;
    private final String bridge;
    private final Cidr cidr;
    private final boolean isolated;
    private final Table<Address> addresses;

    private VpcNetwork(String bridge, Cidr cidr, boolean isolated, Table<Address> addresses) {
        this.bridge = bridge;
        this.cidr = cidr;
        this.isolated = isolated;
        this.addresses = addresses;
    }

    /**
     * Sets the network up, or takes over what an earlier process left.
     *
     * @param name up to 9 letters and digits, unique to the region on this host; the bridge's name
     * @param isolated whether to use network namespaces and a bridge (needs root)
     */
    public static VpcNetwork open(StateStore store, String name, boolean isolated) throws IOException {
        Table<Address> addresses = new Table<>(store, "ec2/addresses", Address.class);
        Table<Address> settings = new Table<>(store, "ec2/network", Address.class);
        String key = isolated ? "cidr" : "loopback-cidr";
        Optional<Address> kept = settings.find(key);
        Cidr cidr = kept.isPresent()
                ? Cidr.parse(kept.get().address())
                : isolated ? freeNetwork(name) : Cidr.parse("127.40.0.0/16");
        if (kept.isPresent() && isolated && isTaken(cidr, name)) {
            throw new IOException("the VPC's network " + cidr + " is routed elsewhere on this host now");
        }
        settings.put(key, new Address(cidr.toString(), "vpc"));
        VpcNetwork network = new VpcNetwork(name, cidr, isolated, addresses);
        if (isolated) {
            network.createBridge();
        } else {
            log.atWarn()
                    .log("not root: instances are plain processes on loopback addresses, without network namespaces");
        }
        return network;
    }

    /** Whether this process may make bridges and namespaces. */
    public static boolean canIsolate() {
        return "root".equals(System.getProperty("user.name"))
                && Shell.succeeds("ip", "-V")
                && Shell.succeeds("unshare", "--net", "true");
    }

    private static Cidr freeNetwork(String bridge) throws IOException {
        for (int second = 40; second < 100; second++) {
            Cidr candidate = Cidr.parse("10." + second + ".0.0/16");
            if (!isTaken(candidate, bridge)) {
                return candidate;
            }
        }
        throw new IOException("no free network 10.40.0.0/16 to 10.99.0.0/16 on this host");
    }

    private static boolean isTaken(Cidr cidr, String bridge) throws IOException {
        for (String route : Shell.lines("ip", "-4", "route", "show", "table", "all")) {
            List<String> words = List.of(route.strip().split("\\s+"));
            String target = words.getFirst().matches("[\\d./]+") || words.size() < 2 ? words.getFirst() : words.get(1);
            if (target.matches("[\\d.]+(/\\d+)?")
                    && !words.contains(bridge)
                    && Cidr.parse(target.contains("/") ? target : target + "/32")
                            .overlaps(cidr)) {
                return true;
            }
        }
        return false;
    }

    private void createBridge() throws IOException {
        if (!Shell.succeeds("ip", "link", "show", bridge)) {
            Shell.run("ip", "link", "add", bridge, "type", "bridge");
        }
        for (int subnet = 0; subnet < 3; subnet++) {
            Shell.run("ip", "addr", "replace", gateway(subnet) + "/16", "dev", bridge);
        }
        Shell.run("ip", "link", "set", bridge, "up");
        for (Address address : addresses.list()) {
            if (address.owner().startsWith("host/")) {
                Shell.run("ip", "addr", "replace", address.address() + "/32", "dev", bridge);
            }
        }
    }

    /** Whether instances have network namespaces of their own. */
    public boolean isolated() {
        return isolated;
    }

    /** The bridge's name. */
    public String bridge() {
        return bridge;
    }

    /** The VPC's network. */
    public Cidr cidr() {
        return cidr;
    }

    /** A subnet's network; there are three, from 0. */
    public Cidr subnet(int index) {
        return new Cidr(cidr.base() + (index << 12), 20);
    }

    /** The host's address in a subnet. */
    public String gateway(int subnet) {
        return isolated ? subnet(subnet).host(1) : "127.0.0.1";
    }

    /** The address at which instances reach the host's services. */
    public String hostAddress() {
        return gateway(0);
    }

    /**
     * An address of the VPC for a part that runs in the host, such as a master or an endpoint: the owner's present one, or a new one. It
     * can be listened on at once.
     *
     * @param owner who uses it, unique in the region
     */
    public String allocateAddress(String owner) {
        String name = "host/" + owner;
        Optional<Address> present =
                addresses.list().stream().filter(a -> a.owner().equals(name)).findFirst();
        if (present.isPresent()) {
            return present.get().address();
        }
        Cidr range = new Cidr(cidr.base() + (240 << 8), 20);
        for (int i = 10; i < 4000; i++) {
            String candidate = range.host(i);
            if (addresses.insert(candidate, new Address(candidate, name))) {
                if (isolated && !Shell.succeeds("ip", "addr", "replace", candidate + "/32", "dev", bridge)) {
                    addresses.remove(candidate);
                    throw new IllegalStateException("address " + candidate + " could not be put on " + bridge);
                }
                return candidate;
            }
        }
        throw new IllegalStateException("no free address in " + range);
    }

    /** Gives an owner's address back. Does nothing when it has none. */
    public void release(String owner) {
        String name = "host/" + owner;
        addresses.list().stream().filter(a -> a.owner().equals(name)).forEach(a -> {
            if (isolated) {
                Shell.succeeds("ip", "addr", "del", a.address() + "/32", "dev", bridge);
            }
            addresses.remove(a.address());
        });
    }

    /** Host number of a free instance address in a subnet, taken for the instance. */
    int allocateInstance(int subnet, String instanceId) {
        for (int i = FIRST_INSTANCE; i < FIRST_INSTANCE + INSTANCES; i++) {
            String candidate = subnet(subnet).host(i);
            if (addresses.insert(candidate, new Address(candidate, instanceId))) {
                return i;
            }
        }
        throw new AwsException(
                400,
                "InsufficientFreeAddressesInSubnet",
                "The subnet has no free address: it takes " + INSTANCES + " instances.");
    }

    /** The pods' block of the instance with that host number. */
    Cidr podPrefix(int subnet, int hostNumber) {
        return new Cidr(subnet(subnet).base() + 256 + ((hostNumber - FIRST_INSTANCE) << 6), 26);
    }

    void releaseInstance(String instanceId) {
        addresses.list().stream().filter(a -> a.owner().equals(instanceId)).forEach(a -> addresses.remove(a.address()));
    }

    /** Puts the metadata address on the bridge; false when something on this host already answers there. */
    boolean claimMetadataAddress() throws IOException {
        if (!isolated
                || Shell.run("ip", "-4", "addr", "show").contains(" " + METADATA_ADDRESS + "/")
                || Reachable.tcp(METADATA_ADDRESS, 80)) {
            return isolated
                    && Shell.run("ip", "-4", "addr", "show", "dev", bridge).contains(METADATA_ADDRESS);
        }
        Shell.run("ip", "addr", "replace", METADATA_ADDRESS + "/32", "dev", bridge);
        return true;
    }

    /** The names of this region's namespaces that exist. */
    List<String> namespaces() throws IOException {
        List<String> names = new ArrayList<>();
        for (String line : Shell.lines("ip", "netns", "list")) {
            String name = line.split("\\s", 2)[0];
            if (name.startsWith(bridge + "-")) {
                names.add(name);
            }
        }
        return names;
    }

    /** Takes the bridge down with all its addresses. The records stay. */
    @Override
    public void close() {
        if (isolated) {
            Shell.succeeds("ip", "link", "del", bridge);
        }
    }
}
