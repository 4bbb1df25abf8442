package io.pilothouse.apiserver.services;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.registry.ObjectCodec;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.StorageException;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Gives services their cluster IPs. An address is taken by creating its IPAddress object: etcd decides who was first. */
final class ClusterIps {
    private static final int RANDOM_ATTEMPTS = 32;

    private final EtcdStore etcd;
    private final ObjectCodec codec;
    private final ResourceDefinition addresses;
    private final AddressRange range;
    private final RandomGenerator random;

    /** @param addresses networking.k8s.io IPAddress */
    ClusterIps(
            EtcdStore etcd,
            ObjectCodec codec,
            ResourceDefinition addresses,
            AddressRange range,
            RandomGenerator random) {
        this.etcd = etcd;
        this.codec = codec;
        this.addresses = addresses;
        this.range = range;
        this.random = random;
    }

    AddressRange range() {
        return range;
    }

    /** Takes an address for a service; false if it is taken. */
    boolean take(String address, String namespace, String service, Instant now) {
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "IPAddress")
                .put("apiVersion", "networking.k8s.io/v1");
        ObjectMeta.setName(object, address);
        ObjectMeta.setUid(object, UUID.randomUUID().toString());
        ObjectMeta.setCreationTimestamp(object, now);
        var labels = ObjectMeta.ensure(object).putObject("labels");
        labels.put("ipaddress.kubernetes.io/ip-family", "IPv4")
                .put("ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io");
        object.putObject("spec")
                .putObject("parentRef")
                .put("group", "")
                .put("resource", "services")
                .put("namespace", namespace)
                .put("name", service);
        try {
            etcd.create(addresses.key("", address), codec.encode(addresses, object), 0);
            return true;
        } catch (StorageException.KeyExists taken) {
            return false;
        }
    }

    /**
     * Takes any free address, outside the band of those that are chosen by hand as long as there is one.
     *
     * @return the address, or empty text if the range is full
     */
    String takeAny(String namespace, String service, Instant now) {
        long start = range.dynamicStart();
        long size = range.size();
        for (int i = 0; i < RANDOM_ATTEMPTS; i++) {
            String address = range.address(start + random.nextLong(size - start));
            if (take(address, namespace, service, now)) {
                return address;
            }
        }
        for (long i = 0; i < size; i++) {
            String address = range.address((start + i) % size);
            if (etcd.get(addresses.key("", address)).isEmpty() && take(address, namespace, service, now)) {
                return address;
            }
        }
        return "";
    }

    /** Gives an address back, if it is this service's. */
    void release(String address, String namespace, String service) {
        var stored = etcd.get(addresses.key("", address));
        if (stored.isEmpty()) {
            return;
        }
        ObjectNode object = codec.decode(stored.get()).toNode("IPAddress");
        var parent = object.path("spec").path("parentRef");
        if (parent.path("namespace").asText().equals(namespace)
                && parent.path("name").asText().equals(service)) {
            try {
                etcd.delete(addresses.key("", address), stored.get().modRevision());
            } catch (StorageException.RevisionConflict | StorageException.KeyNotFound changed) {
                // Somebody else has dealt with it.
            }
        }
    }
}
