package io.pilothouse.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An object as it stands in the cache: ready JSON bytes and what selectors ask. What it says never changes.
 *
 * <p>The bytes are the object's JSON in the version in which it is stored, without kind and apiVersion and without the
 * opening brace, so that a list item (brace + tail) and an answer of its own (brace, kind and
 * apiVersion + tail) are both made of them with no copy.
 *
 * <p>Its other forms (a message, a row of a table, what it is compressed to) are made when they are first asked for and kept while they
 * are used: they are held softly, so that the collector lets those go that nobody asked for in a while. To make one again costs
 * time and nothing else.
 */
public final class StoredObject {
    private static final int SHARED_LENGTH = 24;
    /** Below it the compressor's start costs more than it gives. */
    private static final int WORTH_PACKING = 1024;

    private final String namespace;
    private final String name;
    private final String uid;
    private final long revision;
    private final String apiVersion;
    /** Its bytes, or those {@link Packed} once it is of the past. */
    private volatile Object tail;

    private final Map<String, String> labels;
    private final Map<String, String> fields;
    private volatile @Nullable SoftReference<Shown> shown;
    private volatile @Nullable SoftReference<Shown> message;
    private volatile @Nullable SoftReference<Read> read;
    private volatile @Nullable SoftReference<Compressed> compressedText;
    private volatile @Nullable SoftReference<Compressed> compressedMessage;
    private volatile @Nullable StoredObject gone;

    private record Shown(Object by, byte[] bytes) {}

    /** Names the object before it by what tells it from all others, and not itself, so that it can go when it is replaced. */
    private record Compressed(Object by, long afterRevision, String afterName, String afterNamespace, byte[] bytes) {
        boolean fits(Object other, StoredObject before) {
            return by == other
                    && afterRevision == before.revision
                    && afterName.equals(before.name)
                    && afterNamespace.equals(before.namespace);
        }
    }

    private record Read(Object by, Object what) {}

    private record Fields(Map<String, String> values) {}

    private static <T> @Nullable T held(@Nullable SoftReference<T> form) {
        return form == null ? null : form.get();
    }

    private StoredObject(
            String namespace,
            String name,
            String uid,
            long revision,
            String apiVersion,
            byte[] tail,
            Map<String, String> labels,
            Map<String, String> fields) {
        this.namespace = namespace;
        this.name = name;
        this.uid = uid;
        this.revision = revision;
        this.apiVersion = apiVersion;
        this.tail = tail;
        this.labels = labels;
        this.fields = fields;
    }

    /**
     * Renders an object; its resource version is set to the revision.
     *
     * @param definition its resource, or empty if none is known (yet): a custom resource whose definition is not read
     */
    public static StoredObject of(ObjectNode object, long revision, Optional<ResourceDefinition> definition) {
        ObjectMeta.setResourceVersion(object, Long.toString(revision));
        return render(object, revision, definition);
    }

    /** Renders an object that is not stored, or not yet: it has no resource version. */
    public static StoredObject uncommitted(ObjectNode object, ResourceDefinition definition) {
        return render(object, 0, Optional.of(definition));
    }

    private static StoredObject render(ObjectNode object, long revision, Optional<ResourceDefinition> definition) {
        var fields = new HashMap<String, String>();
        definition
                .filter(d -> d.cachedForm().asHandled())
                .ifPresent(d -> d.selectableFields()
                        .forEach((field, reader) -> fields.put(field, shared(reader.apply(object)))));
        // Upstream writes the fields of its own kinds in the order of their structs, and those of others by name.
        UnaryOperator<JsonNode> order =
                definition.map(ResourceDefinition::custom).orElse(true) ? Json::sorted : StoredObject::metadataSorted;
        return render(object, revision, object.path("apiVersion").asText(), Map.copyOf(fields), order);
    }

    private static JsonNode metadataSorted(JsonNode object) {
        ObjectMeta.sortFields((ObjectNode) object);
        return object;
    }

    private static StoredObject render(
            ObjectNode object,
            long revision,
            String apiVersion,
            Map<String, String> fields,
            UnaryOperator<JsonNode> order) {
        var kind = object.remove("kind");
        object.remove("apiVersion");
        byte[] whole = Json.write(order.apply(object));
        if (kind != null) {
            object.set("kind", kind);
        }
        object.put("apiVersion", apiVersion);
        var labels = new HashMap<String, String>();
        ObjectMeta.labels(object).forEach((key, value) -> labels.put(shared(key), shared(value)));
        return new StoredObject(
                shared(ObjectMeta.namespace(object)),
                ObjectMeta.name(object),
                ObjectMeta.uid(object),
                revision,
                shared(apiVersion),
                Arrays.copyOfRange(whole, 1, whole.length),
                Map.copyOf(labels),
                fields);
    }

    /** Labels and fields have few values, or one for each object: the short ones, which are more often alike, are there once. */
    private static String shared(String value) {
        return value.length() <= SHARED_LENGTH ? value.intern() : value;
    }

    public String namespace() {
        return namespace;
    }

    public String name() {
        return name;
    }

    public String uid() {
        return uid;
    }

    public long revision() {
        return revision;
    }

    /** The version of the bytes. */
    public String apiVersion() {
        return apiVersion;
    }

    /** The JSON after the opening brace; not to be changed. */
    public byte[] tail() {
        Object now = tail;
        return now instanceof Packed packed ? packed.open() : (byte[]) now;
    }

    /**
     * Takes less memory from now on: for an object that was replaced and of which hardly anything is asked any more. Everything can still be had of it,
     * and takes longer.
     */
    public void pack() {
        if (tail instanceof byte[] plain && plain.length >= WORTH_PACKING) {
            Packed.of(plain).ifPresent(packed -> tail = packed);
        }
        shown = null;
        message = null;
        read = null;
        compressedText = null;
        compressedMessage = null;
        var told = gone;
        if (told != null) {
            told.pack(); // and not let go: all watchers of the deletion share it
        }
    }

    public Map<String, String> labels() {
        return labels;
    }

    /** The value of a selectable field; empty where the object has none. */
    public String field(String field) {
        return switch (field) {
            case "metadata.name" -> name;
            case "metadata.namespace" -> namespace;
            default -> fields.getOrDefault(field, "");
        };
    }

    /** The object as a tree of the caller's own, with kind and apiVersion. */
    public ObjectNode toNode(String kind) {
        var object = (ObjectNode) Json.tree(whole());
        object.put("kind", kind).put("apiVersion", apiVersion);
        return object;
    }

    private byte[] whole() {
        byte[] rest = tail();
        byte[] whole = new byte[rest.length + 1];
        whole[0] = '{';
        System.arraycopy(rest, 0, whole, 1, rest.length);
        return whole;
    }

    /** The object's metadata as a tree of the caller's own, in the version in which it is stored. The rest is not read. */
    public ObjectNode metadata() {
        return Json.member(whole(), "metadata") instanceof ObjectNode metadata
                ? metadata
                : JsonNodeFactory.instance.objectNode();
    }

    /** The object as a tree of the caller's own, as a definition of its resource handles it. */
    public ObjectNode open(ResourceDefinition definition) {
        return definition.cachedForm().open(toNode(definition.kind()));
    }

    /**
     * The JSON after the opening brace in another form than the cached one; the last one is kept, as most are asked for in one form.
     *
     * @param by whose form it is, by identity
     */
    public byte[] tailFor(Object by, Supplier<byte[]> renderer) {
        var last = held(shown);
        if (last != null && last.by() == by) {
            return last.bytes();
        }
        byte[] rendered = renderer.get();
        shown = new SoftReference<>(new Shown(by, rendered));
        return rendered;
    }

    /**
     * The object's protobuf message; made when it is first asked for and then kept, as {@link #tailFor} keeps its bytes.
     *
     * @param by whose form it is, by identity
     */
    public byte[] messageFor(Object by, Supplier<byte[]> renderer) {
        var last = held(message);
        if (last != null && last.by() == by) {
            return last.bytes();
        }
        byte[] rendered = renderer.get();
        message = new SoftReference<>(new Shown(by, rendered));
        return rendered;
    }

    /**
     * What was read from the object, such as its row of a table; made when it is first asked for and then kept, as {@link #tailFor} keeps its bytes.
     *
     * @param by who reads, by identity: it always makes the same type
     */
    public Object readBy(Object by, Function<StoredObject, Object> reader) {
        var last = held(read);
        if (last != null && last.by() == by) {
            return last.what();
        }
        var what = reader.apply(this);
        read = new SoftReference<>(new Read(by, what));
        return what;
    }

    /**
     * What the object's JSON is compressed to in a list, where it follows another; made when it is first asked for and then kept, as
     * {@link #tailFor} keeps its bytes.
     *
     * @param by whose form it is, by identity
     */
    public byte[] compressedText(Object by, StoredObject before, Supplier<byte[]> compressor) {
        var last = held(compressedText);
        if (last == null || !last.fits(by, before)) {
            last = new Compressed(by, before.revision, before.name, before.namespace, compressor.get());
            compressedText = new SoftReference<>(last);
        }
        return last.bytes();
    }

    /** The same of its protobuf message. */
    public byte[] compressedMessage(Object by, StoredObject before, Supplier<byte[]> compressor) {
        var last = held(compressedMessage);
        if (last == null || !last.fits(by, before)) {
            last = new Compressed(by, before.revision, before.name, before.namespace, compressor.get());
            compressedMessage = new SoftReference<>(last);
        }
        return last.bytes();
    }

    /** The value of a field that a definition lets selectors name. */
    public String field(String field, ResourceDefinition definition) {
        if (definition.cachedForm().asHandled() || field.startsWith("metadata.")) {
            return field(field);
        }
        // All watches of one selector ask for it, and the object need not be opened for each.
        var fields = (Fields) readBy(definition.selectableFields(), object -> object.fields(definition));
        return fields.values().getOrDefault(field, "");
    }

    private Fields fields(ResourceDefinition definition) {
        var values = new HashMap<String, String>();
        if (!definition.selectableFields().isEmpty()) {
            var opened = open(definition);
            definition.selectableFields().forEach((field, reader) -> values.put(field, reader.apply(opened)));
        }
        return new Fields(Map.copyOf(values));
    }

    /** What goes before the tail to make a whole object of it. */
    public static byte[] head(String kind, String apiVersion) {
        return ("{\"kind\":\"" + kind + "\",\"apiVersion\":\"" + apiVersion + "\",").getBytes(StandardCharsets.UTF_8);
    }

    /** The same object as told at another revision: how a watch tells of a deletion. The last one is kept, as all watchers ask for one. */
    StoredObject atRevision(long other) {
        var last = gone;
        if (last != null && last.revision == other) {
            return last;
        }
        var told = renderedAt(other);
        gone = told;
        return told;
    }

    private StoredObject renderedAt(long other) {
        var object = toNode("");
        object.remove("kind");
        return render(withVersion(object, other), other, apiVersion, fields, UnaryOperator.identity());
    }

    private static ObjectNode withVersion(ObjectNode object, long revision) {
        ObjectMeta.setResourceVersion(object, Long.toString(revision));
        return object;
    }

    @Override
    public String toString() {
        return namespace.isEmpty() ? name + "@" + revision : namespace + "/" + name + "@" + revision;
    }
}
