package io.pilothouse.machinery.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The fields of a protobuf message in ascending order; a message that Go embeds is a group whose fields stand in the same JSON object. */
public final class ProtoPlan {
    static final ProtoPlan EMPTY = new ProtoPlan(new Entry[0]);

    /** A field, or a group of fields of the same object. */
    public record Entry(int number, @Nullable FieldSchema field, ProtoPlan group) {}

    private final Entry[] entries;

    private ProtoPlan(Entry[] entries) {
        this.entries = entries;
    }

    static ProtoPlan of(List<FieldSchema> fields) {
        List<FieldSchema> numbered = new ArrayList<>(fields);
        numbered.removeIf(f -> f.numbers().isEmpty());
        return build(numbered, 0);
    }

    private static ProtoPlan build(List<FieldSchema> fields, int depth) {
        Map<Integer, List<FieldSchema>> byNumber = new TreeMap<>();
        for (FieldSchema field : fields) {
            byNumber.computeIfAbsent(field.numbers().get(depth), n -> new ArrayList<>())
                    .add(field);
        }
        List<Entry> out = new ArrayList<>();
        byNumber.forEach((number, same) -> {
            FieldSchema first = same.getFirst();
            boolean leaf = first.numbers().size() == depth + 1;
            out.add(new Entry(number, leaf ? first : null, leaf ? EMPTY : build(same, depth + 1)));
        });
        return new ProtoPlan(out.toArray(new Entry[0]));
    }

    public int size() {
        return entries.length;
    }

    public Entry entry(int i) {
        return entries[i];
    }

    /** The entry of a field number; null for an unknown one. */
    public @Nullable Entry byNumber(int number) {
        int low = 0;
        int high = entries.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int found = entries[middle].number();
            if (found == number) {
                return entries[middle];
            }
            if (found < number) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }
}
