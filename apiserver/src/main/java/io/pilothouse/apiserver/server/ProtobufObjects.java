package io.pilothouse.apiserver.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.custom.DynamicResources;
import io.pilothouse.machinery.codec.ProtobufCodec;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Objects of protobuf as trees, for those who look at bodies and do not know what they are for. */
record ProtobufObjects(DynamicResources resources) implements Function<byte[], @Nullable JsonNode> {
    /** Null for a kind that no resource has. */
    @Override
    public @Nullable JsonNode apply(byte[] bytes) {
        if (!ProtobufCodec.isProtobuf(bytes)) {
            return null;
        }
        var envelope = ProtobufCodec.open(bytes);
        var kind = envelope.groupVersionKind();
        return resources.definitions().stream()
                .flatMap(d -> d.versions().stream())
                .filter(v -> v.kind().equals(kind))
                .map(ServedVersion::schema)
                .findFirst()
                .map(schema -> {
                    var object = ProtobufCodec.decode(envelope, schema);
                    object.put("kind", envelope.kind()).put("apiVersion", envelope.apiVersion());
                    return (JsonNode) object;
                })
                .orElse(null);
    }
}
