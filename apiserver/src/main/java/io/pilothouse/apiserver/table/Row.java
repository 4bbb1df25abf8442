package io.pilothouse.apiserver.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Aged;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row that has been read from an object once, and can be told again and again: ready bytes, but for the cells that grow old. It carries the
 * object's metadata, or nothing of it.
 */
public final class Row {
    private static final byte[] CELLS = utf8("{\"cells\":[");
    private static final byte[] END_OF_CELLS = {']'};
    private static final byte[] CONDITIONS = utf8(",\"conditions\":");
    private static final byte[] NO_OBJECT = utf8(",\"object\":null}");
    private static final byte[] END_OF_OBJECT = {'}', '}'};

    private final byte[][] pieces;
    private final Aged[] between;
    private final byte[] metadata;
    private final byte[] conditions;

    private Row(byte[][] pieces, Aged[] between, byte[] metadata, byte[] conditions) {
        this.pieces = pieces;
        this.between = between;
        this.metadata = metadata;
        this.conditions = conditions;
    }

    /**
     * Reads a row.
     *
     * @param object in its storage version
     * @param conditions of the row, as JSON; empty for none
     */
    static Row of(List<Column> columns, ObjectNode object, byte[] conditions) {
        var pieces = new ArrayList<byte[]>();
        var between = new ArrayList<Aged>();
        var open = new ByteArrayOutputStream();
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) {
                open.write(',');
            }
            var cell = columns.get(i).cell();
            var aged = cell.aged(object);
            if (aged == null || aged.since() == null) {
                open.writeBytes(Json.write(cell.of(object, Instant.EPOCH)));
            } else {
                open.write('"');
                pieces.add(open.toByteArray());
                between.add(aged);
                open.reset();
                open.write('"');
            }
        }
        pieces.add(open.toByteArray());
        return new Row(
                pieces.toArray(byte[][]::new),
                between.toArray(Aged[]::new),
                Json.write(ObjectMeta.of(object)),
                conditions);
    }

    /**
     * Adds the row's JSON to others, in pieces that must not be changed.
     *
     * @param metadataHead what stands before the metadata, as {@link #metadataHead} makes it; null where the row carries none
     */
    void add(List<byte[]> out, byte @Nullable [] metadataHead, Instant now) {
        out.add(CELLS);
        for (int i = 0; i < between.length; i++) {
            out.add(pieces[i]);
            // Words of time, and what stands around them in built-in columns: nothing that JSON would escape.
            out.add(between[i].at(now).getBytes(StandardCharsets.UTF_8));
        }
        out.add(pieces[between.length]);
        out.add(END_OF_CELLS);
        if (conditions.length > 0) {
            out.add(CONDITIONS);
            out.add(conditions);
        }
        if (metadataHead == null) {
            out.add(NO_OBJECT);
        } else {
            out.add(metadataHead);
            out.add(metadata);
            out.add(END_OF_OBJECT);
        }
    }

    /** @param version of meta.k8s.io */
    static byte[] metadataHead(String version) {
        return utf8(",\"object\":{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/" + version
                + "\",\"metadata\":");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
