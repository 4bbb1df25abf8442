package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.negotiation.Offer;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.ProtobufCodec;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.TypeSchema;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A resource in one served version: how stored objects are shown in it. The stored bytes are used as they are where they fit. */
record ObjectForm(ResourceDefinition definition, ServedVersion version) {
    private static final byte[] OPEN = {'{'};

    String apiVersion() {
        return version.kind().groupVersion().apiVersion();
    }

    String kind() {
        return version.kind().kind();
    }

    String listKind() {
        return definition.custom() ? definition.listKind() : kind() + "List";
    }

    boolean hasProtobuf() {
        return !definition.custom();
    }

    /** What one object can be shown as. */
    Offer offer() {
        return definition.custom() ? Offer.CUSTOM : Offer.OBJECT;
    }

    /** What a list of them can be shown as. */
    Offer listOffer() {
        return definition.custom() ? Offer.CUSTOM : Offer.LIST;
    }

    /** The protobuf message of an object. */
    byte[] message(StoredObject object) {
        return object.messageFor(version, () -> ProtobufCodec.encodeMessage(tree(object), version.schema()));
    }

    /** The message of an object's metadata alone. */
    byte[] partialMessage(StoredObject object) {
        return ProtobufForms.partial(metadata(object), metadataType());
    }

    TypeSchema metadataType() {
        var metadata = version.schema().field("metadata");
        if (metadata == null) {
            throw new IllegalStateException(kind() + " has no metadata");
        }
        return metadata.type();
    }

    /** An object of this version in the storage version; the given tree may be changed. */
    ObjectNode toStorage(ObjectNode object) {
        var stored = version.toStorage().apply(object);
        var kind = definition.storageVersion().kind();
        stored.put("kind", kind.kind()).put("apiVersion", kind.groupVersion().apiVersion());
        return stored;
    }

    /** An object of the storage version in this version; the given tree may be changed. */
    ObjectNode fromStorage(ObjectNode object) {
        var served = version.fromStorage().apply(object);
        served.put("kind", kind()).put("apiVersion", apiVersion());
        return served;
    }

    /** An object of this version with what the client left out; the given tree may be changed. */
    ObjectNode defaulted(ObjectNode object) {
        var stored = toStorage(object);
        definition.strategy().defaults(stored);
        return fromStorage(stored);
    }

    private boolean storedAsServed(StoredObject object) {
        return definition.cachedForm().asHandled()
                && object.apiVersion().equals(apiVersion())
                && version.kind().kind().equals(definition.kind());
    }

    /** The object as a tree in this version. */
    ObjectNode tree(StoredObject object) {
        var node = object.open(definition);
        if (!storedAsServed(object)) {
            node = fromStorage(node);
        }
        return node;
    }

    /** Its metadata alone in this version. */
    ObjectNode metadata(StoredObject object) {
        return storedAsServed(object) ? object.metadata() : ObjectMeta.of(tree(object));
    }

    /** What stands before {@link #tail} in a whole object. */
    byte[] head() {
        return definition.custom() ? itemHeadOf() : StoredObject.head(kind(), apiVersion());
    }

    /** What stands before {@link #tail} in a list item: custom resources name their kind there too, others do not. */
    byte[] itemHead() {
        return definition.encoding() == ResourceDefinition.Encoding.JSON && definition.custom() ? itemHeadOf() : OPEN;
    }

    private byte[] itemHeadOf() {
        return ("{\"apiVersion\":\"" + apiVersion() + "\",\"kind\":\"" + kind() + "\",")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The JSON of an object after its opening brace, kind and apiVersion left out. */
    byte[] tail(StoredObject object) {
        if (storedAsServed(object)) {
            return object.tail();
        }
        return object.tailFor(version, () -> {
            var node = tree(object);
            node.remove("kind");
            node.remove("apiVersion");
            byte[] whole = Json.write(definition.custom() ? Json.sorted(node) : node);
            return Arrays.copyOfRange(whole, 1, whole.length);
        });
    }
}
