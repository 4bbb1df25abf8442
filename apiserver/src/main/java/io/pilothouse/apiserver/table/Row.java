package io.pilothouse.apiserver.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Aged;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A row that has been read from an object once, and can be told again and again: ready bytes, but for the cells that grow old. It carries the
 * object's metadata, or nothing of it.
 */
public final class Row {
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
     * Writes the row as JSON.
     *
     * @param version of meta.k8s.io
     */
    void write(OutputStream out, TableWriter.Include include, String version, Instant now) {
        try {
            put(out, "{\"cells\":[");
            for (int i = 0; i < between.length; i++) {
                out.write(pieces[i]);
                // Words of time, and what stands around them in built-in columns: nothing that JSON would escape.
                put(out, between[i].at(now));
            }
            out.write(pieces[between.length]);
            put(out, "]");
            if (conditions.length > 0) {
                put(out, ",\"conditions\":");
                out.write(conditions);
            }
            if (include == TableWriter.Include.METADATA) {
                put(
                        out,
                        ",\"object\":{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/" + version
                                + "\",\"metadata\":");
                out.write(metadata);
                put(out, "}}");
            } else {
                put(out, ",\"object\":null}");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void put(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
