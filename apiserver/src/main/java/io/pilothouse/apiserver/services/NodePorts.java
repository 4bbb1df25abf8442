package io.pilothouse.apiserver.services;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.pilothouse.machinery.status.StatusException;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.KeyValue;
import io.pilothouse.storage.StorageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

/**
 * The node ports that are taken: one bitmap in etcd, in the place and form of upstream (core/v1 RangeAllocation, whose data is the big-endian
 * magnitude of a number with a bit for each port).
 */
final class NodePorts {
    private static final String KEY = "/registry/ranges/servicenodeports";
    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final int ATTEMPTS = 50;

    private final EtcdStore etcd;
    private final PortRange range;
    private final RandomGenerator random;

    NodePorts(EtcdStore etcd, PortRange range, RandomGenerator random) {
        this.etcd = etcd;
        this.range = range;
        this.random = random;
    }

    PortRange range() {
        return range;
    }

    /** A port that cannot be had. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why);
        }
    }

    /** The node ports of one write. A dry run keeps nothing. Not for use by several threads. */
    final class Operation {
        private static final int BEFORE_FIRST_OF_DRY_RUN = 32_768;

        private final boolean dryRun;
        private final List<Integer> taken = new ArrayList<>();
        private final List<Integer> unneeded = new ArrayList<>();

        Operation(boolean dryRun) {
            this.dryRun = dryRun;
        }

        void take(int port) throws Refused {
            if (!dryRun && !range.contains(port)) {
                throw new Refused("provided port is not in the valid range. The range of valid ports is " + range);
            }
            boolean free = dryRun ? !taken.contains(port) && !isTaken(port) : NodePorts.this.take(port);
            if (!free) {
                throw new Refused("provided port is already allocated");
            }
            taken.add(port);
        }

        int takeAny() throws Refused {
            int port = dryRun
                    ? taken.stream().mapToInt(p -> p).max().orElse(BEFORE_FIRST_OF_DRY_RUN) + 1
                    : NodePorts.this.takeAny();
            if (port < 0) {
                throw new Refused("range is full");
            }
            taken.add(port);
            return port;
        }

        /** Gives a port back when the write is done. */
        void releaseLater(int port) {
            unneeded.add(port);
        }

        void commit() {
            if (!dryRun) {
                release(unneeded);
            }
        }

        void cancel() {
            if (!dryRun) {
                release(taken);
            }
        }
    }

    private boolean isTaken(int port) {
        return range.contains(port) && taken().get(port - range.first());
    }

    /** What is taken, by the distance from the first port of the range. */
    BitSet taken() {
        return etcd.get(KEY).map(kv -> decode(kv.value())).orElseGet(BitSet::new);
    }

    private boolean take(int port) {
        return change(taken -> {
                    int bit = port - range.first();
                    if (taken.get(bit)) {
                        return -1;
                    }
                    taken.set(bit);
                    return port;
                })
                > 0;
    }

    /** Takes a free port, of those that are not left to be chosen by hand first; -1 if there is none. */
    private int takeAny() {
        int band = range.chosenByHand();
        return change(taken -> {
            int bit = free(taken, band, range.size());
            if (bit < 0) {
                bit = free(taken, 0, band);
            }
            if (bit >= 0) {
                taken.set(bit);
            }
            return bit < 0 ? -1 : range.first() + bit;
        });
    }

    private int free(BitSet taken, int from, int to) {
        if (from >= to) {
            return -1;
        }
        int start = random.nextInt(to - from);
        for (int i = 0; i < to - from; i++) {
            int bit = from + (start + i) % (to - from);
            if (!taken.get(bit)) {
                return bit;
            }
        }
        return -1;
    }

    /** Gives ports back; those of another range are no matter. */
    void release(Collection<Integer> ports) {
        var ours = ports.stream().filter(range::contains).toList();
        if (!ours.isEmpty()) {
            change(taken -> {
                ours.forEach(port -> taken.clear(port - range.first()));
                return 0;
            });
        }
    }

    /** Changes what is taken, whatever it is at the moment; the change may be asked for several times. */
    void edit(ToIntFunction<BitSet> edit) {
        change(edit);
    }

    /** Changes the bitmap under compare-and-set. A negative answer changes nothing. */
    private int change(ToIntFunction<BitSet> edit) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<KeyValue> stored = etcd.get(KEY);
            BitSet taken = stored.map(kv -> decode(kv.value())).orElseGet(BitSet::new);
            int result = edit.applyAsInt(taken);
            if (result < 0) {
                return result;
            }
            try {
                byte[] bytes = encode(taken);
                if (stored.isPresent()) {
                    etcd.update(KEY, bytes, stored.get().modRevision(), 0);
                } else {
                    etcd.create(KEY, bytes, 0);
                }
                return result;
            } catch (StorageException.RevisionConflict
                    | StorageException.KeyExists
                    | StorageException.KeyNotFound lost) {
                // Another server was faster: once more.
            }
        }
        throw StatusException.serviceUnavailable("node ports are being changed by too many at once");
    }

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) {
        try {
            var bytes = new ByteArrayOutputStream();
            var out = CodedOutputStream.newInstance(bytes);
            fields.write(out);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written to", e);
        }
    }

    private byte[] encode(BitSet taken) {
        byte[] littleEndian = taken.toByteArray();
        byte[] data = new byte[littleEndian.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = littleEndian[data.length - 1 - i];
        }
        byte[] type = message(out -> {
            out.writeString(1, "v1");
            out.writeString(2, "RangeAllocation");
        });
        byte[] object = message(out -> {
            out.writeByteArray(1, new byte[0]);
            out.writeString(2, range.toString());
            out.writeByteArray(3, data);
        });
        byte[] unknown = message(out -> {
            out.writeByteArray(1, type);
            out.writeByteArray(2, object);
            out.writeString(3, "");
            out.writeString(4, "");
        });
        byte[] whole = Arrays.copyOf(MAGIC, MAGIC.length + unknown.length);
        System.arraycopy(unknown, 0, whole, MAGIC.length, unknown.length);
        return whole;
    }

    private static BitSet decode(byte[] stored) {
        byte[] data = field(field(Arrays.copyOfRange(stored, MAGIC.length, stored.length), 2), 3);
        byte[] littleEndian = new byte[data.length];
        for (int i = 0; i < data.length; i++) {
            littleEndian[i] = data[data.length - 1 - i];
        }
        return BitSet.valueOf(littleEndian);
    }

    /** A length-delimited field of a message; empty if it is not there. */
    private static byte[] field(byte[] message, int number) {
        try {
            var in = CodedInputStream.newInstance(message);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (WireFormat.getTagFieldNumber(tag) == number) {
                    return in.readByteArray();
                }
                in.skipField(tag);
            }
            return new byte[0];
        } catch (IOException e) {
            throw new UncheckedIOException("the node port allocation in etcd cannot be read", e);
        }
    }
}
