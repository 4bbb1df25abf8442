package io.pilothouse.apiserver.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.kubernetes.client.proto.V1;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/** Kubernetes' protobuf messages as its official Java client has them. */
record UpstreamMessages(Map<String, Descriptors.Descriptor> byName) {
    private static final byte[] MAGIC = "k8s\0".getBytes(StandardCharsets.US_ASCII);

    /** What surrounds a stored object. */
    record Envelope(String apiVersion, String kind, ByteString raw) {}

    static UpstreamMessages load() throws Exception {
        var byName = new HashMap<String, Descriptors.Descriptor>();
        var jar = Path.of(
                V1.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (var file = new JarFile(jar.toFile())) {
            for (String entry : file.stream().map(ZipEntry::getName).toList()) {
                if (entry.startsWith("io/kubernetes/client/proto/") && entry.matches("[^$]*\\.class")) {
                    var type = Class.forName(entry.replace('/', '.').replace(".class", ""));
                    add(type, byName);
                }
            }
        }
        return new UpstreamMessages(byName);
    }

    private static void add(Class<?> type, Map<String, Descriptors.Descriptor> byName) throws Exception {
        var method = Arrays.stream(type.getDeclaredMethods())
                .filter(m ->
                        m.getName().equals("getDescriptor") && m.getReturnType() == Descriptors.FileDescriptor.class)
                .findFirst();
        if (method.isPresent()) {
            var file = (Descriptors.FileDescriptor) method.get().invoke(null);
            file.getMessageTypes().forEach(message -> byName.put(message.getFullName(), message));
        }
    }

    /** The message of a kind: groups' packages are named by the first part of the group, and some otherwise. */
    Optional<Descriptors.Descriptor> of(GroupVersionKind kind) {
        String group = kind.group().isEmpty() ? "core" : kind.group().replaceFirst("\\..*", "");
        return Optional.ofNullable(byName.get("k8s.io.api." + group + "." + kind.version() + "." + kind.kind()));
    }

    Envelope envelope(byte[] stored) throws Exception {
        if (!Arrays.equals(Arrays.copyOf(stored, MAGIC.length), MAGIC)) {
            throw new IllegalArgumentException("not protobuf: " + new String(stored, StandardCharsets.UTF_8));
        }
        var unknown = Objects.requireNonNull(byName.get("k8s.io.apimachinery.pkg.runtime.Unknown"));
        var raw = ByteString.copyFrom(stored, MAGIC.length, stored.length - MAGIC.length);
        var message = DynamicMessage.parseFrom(unknown, raw);
        var meta = (Message) message.getField(unknown.findFieldByName("typeMeta"));
        var types = meta.getDescriptorForType();
        return new Envelope(
                (String) meta.getField(types.findFieldByName("apiVersion")),
                (String) meta.getField(types.findFieldByName("kind")),
                (ByteString) message.getField(unknown.findFieldByName("raw")));
    }

    /** Where a message or one within it has fields that its type does not. */
    static List<String> unknownFields(Message message) {
        var found = new ArrayList<String>();
        if (!message.getUnknownFields().asMap().isEmpty()) {
            found.add(message.getDescriptorForType().getName()
                    + message.getUnknownFields().asMap().keySet());
        }
        for (var value : message.getAllFields().values()) {
            var values = value instanceof List<?> list ? list : List.of(value);
            for (var one : values) {
                if (one instanceof Message inner) {
                    found.addAll(unknownFields(inner));
                }
            }
        }
        return found;
    }
}
