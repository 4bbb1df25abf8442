package io.pilothouse.cloud.protocol;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes an XML document from the outside in. Not for several threads. */
public final class XmlWriter {
    private final StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element. */
    public XmlWriter open(String name) {
        out.append('<').append(name).append('>');
        open.push(name);
        return this;
    }

    /** Opens an element that sets the default namespace. */
    public XmlWriter open(String name, String namespace) {
        if (namespace.isEmpty()) {
            return open(name);
        }
        out.append('<').append(name).append(" xmlns=\"").append(namespace).append("\">");
        open.push(name);
        return this;
    }

    /** Closes the innermost open element. */
    public XmlWriter close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** An element with text; none at all when the value is null. */
    public XmlWriter text(String name, @Nullable Object value) {
        if (value != null) {
            out.append('<').append(name).append('>');
            escape(value.toString());
            out.append("</").append(name).append('>');
        }
        return this;
    }

    /** A time in ISO 8601, UTC, whole milliseconds. */
    public XmlWriter time(String name, long epochMillis) {
        return text(name, Instant.ofEpochMilli(epochMillis).truncatedTo(ChronoUnit.MILLIS));
    }

    /** A list: one element around one element for each item, whose content the consumer writes. */
    public <T> XmlWriter list(String name, String itemName, Collection<T> items, Consumer<T> content) {
        open(name);
        for (T item : items) {
            open(itemName);
            content.accept(item);
            close();
        }
        return close();
    }

    /** A list of texts. */
    public XmlWriter texts(String name, String itemName, Collection<String> items) {
        open(name);
        items.forEach(item -> text(itemName, item));
        return close();
    }

    /** The finished document. */
    public String document() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("still open: " + open);
        }
        return out.toString();
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\r' -> out.append("&#13;");
                default -> out.append(c < ' ' && c != '\n' && c != '\t' ? '\uFFFD' : c);
            }
        }
    }
}
