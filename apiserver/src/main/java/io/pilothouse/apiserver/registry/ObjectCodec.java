package io.pilothouse.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceDefinition.Encoding;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.ProtobufCodec;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.storage.KeyValue;
import java.util.Optional;

/** Between objects and what lies in etcd: upstream's bytes, so that both servers can serve the same etcd. */
public final class ObjectCodec {
    private final ResourceIndex resources;

    public ObjectCodec(ResourceIndex resources) {
        this.resources = resources;
    }

    /** The bytes to store; what only the revision tells is left out. The object is unchanged afterwards. */
    public byte[] encode(ResourceDefinition definition, ObjectNode object) {
        var metadata = ObjectMeta.ensure(object);
        var version = metadata.remove("resourceVersion");
        try {
            return definition.encoding() == Encoding.PROTOBUF
                    ? ProtobufCodec.encode(object, definition.storageVersion().schema(), definition.storedKind())
                    : Json.write(definition
                            .etcdForm()
                            .map(form -> form.toEtcd().apply(object.deepCopy()))
                            .orElse(object));
        } finally {
            if (version != null) {
                metadata.set("resourceVersion", version);
            }
        }
    }

    /** The cache's entry for what lies under a key. */
    public StoredObject decode(KeyValue stored) {
        var definition = resources.ownerOf(stored.key());
        return StoredObject.of(tree(stored, definition), stored.modRevision(), definition);
    }

    private static ObjectNode tree(KeyValue stored, Optional<ResourceDefinition> definition) {
        byte[] value = stored.value();
        if (!ProtobufCodec.isProtobuf(value)) {
            return ofJson((ObjectNode) Json.tree(value), definition);
        }
        if (definition.isEmpty()) {
            throw new IllegalArgumentException("no resource is declared for the key " + stored.key());
        }
        var object = ofProtobuf(ProtobufCodec.open(value), definition.get());
        definition.get().strategy().defaults(object);
        definition.get().strategy().onRead(object);
        return object;
    }

    /** Objects may lie in any served version: another server, or an older one, may have written them. */
    private static ObjectNode ofProtobuf(ProtobufCodec.Envelope envelope, ResourceDefinition definition) {
        var storage = definition.storageVersion();
        var version =
                definition.version(GroupVersion.parse(envelope.apiVersion())).orElse(storage);
        var object = version.toStorage().apply(ProtobufCodec.decode(envelope, version.schema()));
        object.put("kind", storage.kind().kind())
                .put("apiVersion", storage.kind().apiVersion());
        return object;
    }

    private static ObjectNode ofJson(ObjectNode object, Optional<ResourceDefinition> definition) {
        return definition
                .flatMap(ResourceDefinition::etcdForm)
                .filter(form ->
                        object.path("apiVersion").asText().equals(form.kind().apiVersion()))
                .map(form -> form.fromEtcd().apply(object))
                .orElse(object);
    }
}
