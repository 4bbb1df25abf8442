package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.negotiation.Compression;
import io.pilothouse.apiserver.negotiation.Format;
import io.pilothouse.apiserver.negotiation.GzipJoiner;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.machinery.codec.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A list of whole objects, joined from what the cache has ready of each: its bytes, or what these are compressed to.
 *
 * @param pieces some that lead, two for each object, and some that follow
 * @param leading how many lead
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ListBody(ObjectForm form, Format format, List<StoredObject> items, byte[][] pieces, int leading) {

    static ListBody json(ObjectForm form, List<StoredObject> items, ObjectNode metadata) {
        // Custom resources' fields are in the order of their names, those of a list too.
        boolean custom = form.definition().custom();
        String kind = "\"kind\":\"" + form.listKind() + "\"";
        String version = "\"apiVersion\":\"" + form.apiVersion() + "\"";
        String about = "\"metadata\":" + Json.text(custom ? Json.sorted(metadata) : metadata);
        byte[][] pieces = new byte[items.size() * 2 + 2][];
        pieces[0] = utf8(
                custom ? "{" + version + ",\"items\":[" : "{" + kind + "," + version + "," + about + ",\"items\":[");
        byte[] head = form.itemHead();
        byte[] nextHead = next(head);
        for (int i = 0; i < items.size(); i++) {
            pieces[2 * i + 1] = i == 0 ? head : nextHead;
            pieces[2 * i + 2] = form.tail(items.get(i));
        }
        pieces[pieces.length - 1] = utf8(custom ? "]," + kind + "," + about + "}\n" : "]}\n");
        return new ListBody(form, Format.JSON, items, pieces, 1);
    }

    private static byte[] next(byte[] head) {
        byte[] next = new byte[head.length + 1];
        next[0] = ',';
        System.arraycopy(head, 0, next, 1, head.length);
        return next;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static ListBody protobuf(ObjectForm form, List<StoredObject> items, ObjectNode metadata) {
        var messages = items.stream().map(form::message).toList();
        byte[][] pieces = ProtobufForms.list(form.apiVersion(), form.listKind(), metadata, messages);
        return new ListBody(form, Format.PROTOBUF, items, pieces, 2);
    }

    boolean isLarge() {
        return Compression.isLarge(pieces);
    }

    /** One gzip stream of it. */
    byte[][] compressed() {
        try (var joiner = new GzipJoiner()) {
            joiner.add(Arrays.copyOf(pieces, leading));
            for (int i = 0; i < items.size(); i++) {
                int at = leading + 2 * i;
                byte[] start = pieces[at];
                byte[] text = pieces[at + 1];
                if (i == 0) {
                    joiner.add(start, text);
                } else {
                    byte[] before = pieces[at - 1];
                    var object = items.get(i);
                    var previous = items.get(i - 1);
                    byte[] compressed = format == Format.JSON
                            ? object.compressedText(
                                    form.version(), previous, () -> joiner.compressed(before, start, text))
                            : object.compressedMessage(
                                    form.version(), previous, () -> joiner.compressed(before, start, text));
                    joiner.addCompressed(compressed, start, text);
                }
            }
            joiner.add(Arrays.copyOfRange(pieces, leading + 2 * items.size(), pieces.length));
            return joiner.finish();
        }
    }
}
