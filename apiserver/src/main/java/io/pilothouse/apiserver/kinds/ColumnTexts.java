package io.pilothouse.apiserver.kinds;

import io.pilothouse.machinery.schema.Descriptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the model says of the fields that columns show. All of it is found when one is first asked for, and the descriptions, which are large and
 * take a tenth of a second of a start, are let go again. Safe for use by many threads.
 */
final class ColumnTexts {
    private final List<Text> unread = new ArrayList<>();

    private final class Text implements Supplier<String> {
        private final String type;
        private final String field;
        private volatile @Nullable String text;

        Text(String type, String field) {
            this.type = type;
            this.field = field;
        }

        @Override
        public String get() {
            String known = text;
            return known == null ? read(this) : known;
        }
    }

    /** @param type with its package, as OpenAPI names it */
    synchronized Supplier<String> of(String type, String field) {
        var text = new Text(type, field);
        unread.add(text);
        return text;
    }

    private synchronized String read(Text asked) {
        if (!unread.isEmpty()) {
            var descriptions = Descriptions.load();
            for (var text : unread) {
                text.text = descriptions.plainField(text.type, text.field).orElse("");
            }
            unread.clear();
        }
        return String.valueOf(asked.text);
    }
}
