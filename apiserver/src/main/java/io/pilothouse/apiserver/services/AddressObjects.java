package io.pilothouse.apiserver.services;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.registry.ObjectCodec;
import io.pilothouse.machinery.apply.FieldSet;
import io.pilothouse.machinery.apply.ManagedFields;
import io.pilothouse.machinery.apply.VersionConverter;
import io.pilothouse.machinery.field.IpAddress;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.StorageException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;

/** The IPAddress objects by which services hold addresses. An address is taken by creating its object: etcd decides who was first. */
final class AddressObjects {
    static final GroupResource RESOURCE = new GroupResource("networking.k8s.io", "ipaddresses");
    static final String MANAGED_BY_LABEL = "ipaddress.kubernetes.io/managed-by";
    static final String MANAGED_BY = "ipallocator.k8s.io";
    static final String FAMILY_LABEL = "ipaddress.kubernetes.io/ip-family";
    private static final String FIELD_MANAGER = "kube-apiserver";

    private final EtcdStore etcd;
    private final ObjectCodec codec;
    private final ResourceDefinition addresses;

    /** @param addresses networking.k8s.io IPAddress */
    AddressObjects(EtcdStore etcd, ObjectCodec codec, ResourceDefinition addresses) {
        this.etcd = etcd;
        this.codec = codec;
        this.addresses = addresses;
    }

    /** Takes an address for a service; false if it is taken. */
    boolean take(IpAddress address, String namespace, String service, Instant now) {
        var object = object(address, namespace, service, now);
        try {
            etcd.create(addresses.key("", address.toString()), codec.encode(addresses, object), 0);
            return true;
        } catch (StorageException.KeyExists taken) {
            return false;
        }
    }

    private ObjectNode object(IpAddress address, String namespace, String service, Instant now) {
        var version = addresses.storageVersion();
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("kind", version.kind().kind())
                .put("apiVersion", version.kind().apiVersion());
        ObjectMeta.setName(object, address.toString());
        ObjectMeta.setUid(object, UUID.randomUUID().toString());
        ObjectMeta.setCreationTimestamp(object, now);
        ObjectMeta.ensure(object)
                .putObject("labels")
                .put(FAMILY_LABEL, address.family())
                .put(MANAGED_BY_LABEL, MANAGED_BY);
        object.putObject("spec")
                .putObject("parentRef")
                .put("resource", "services")
                .put("namespace", namespace)
                .put("name", service);
        var managers = new ManagedFields(
                version.kind(),
                version.schema(),
                "",
                FieldSet.ofFields(),
                VersionConverter.NONE,
                Clock.fixed(now, ZoneOffset.UTC));
        return managers.update(null, object, FIELD_MANAGER);
    }

    /** Gives an address back, if it is this service's. */
    void release(IpAddress address, String namespace, String service) {
        String key = addresses.key("", address.toString());
        var stored = etcd.get(key);
        if (stored.isEmpty()) {
            return;
        }
        var parent = codec.decode(stored.get()).toNode("IPAddress").path("spec").path("parentRef");
        if (parent.path("namespace").asText().equals(namespace)
                && parent.path("name").asText().equals(service)) {
            try {
                etcd.delete(key, stored.get().modRevision());
            } catch (StorageException.RevisionConflict | StorageException.KeyNotFound changed) {
                // Somebody else has dealt with it.
            }
        }
    }
}
