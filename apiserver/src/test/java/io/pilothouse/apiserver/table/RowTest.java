package io.pilothouse.apiserver.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.BuiltInResources;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.apiserver.table.TableWriter.Include;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.schema.BuiltInTypes;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowTest {
    private static final String POD = """
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p\\"q", "namespace": "ns", "creationTimestamp": "2026-01-01T00:00:00Z"},
             "spec": {"containers": [{"name": "c"}]}, "status": {"phase": "Succeeded", "containerStatuses": [{"name": "c", "restartCount": 3,
              "lastState": {"terminated": {"finishedAt": "2026-01-01T00:10:00Z"}}, "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}}]}}""";

    @ParameterizedTest
    @ValueSource(strings = {"2026-01-01T00:11:00Z", "2026-03-01T00:00:00Z"})
    void saysAtAnyTimeWhatATableOfTheObjectWouldSay(String time) {
        var catalog = BuiltInResources.catalog(BuiltInResources.schemas(BuiltInTypes.load()));
        var pods = catalog.find(new GroupResource("", "pods")).orElseThrow();
        var now = Instant.parse(time);
        var columns = TableWriter.columns(pods);
        var table = TableWriter.header(columns, "v1");
        var stored = StoredObject.of((ObjectNode) Json.tree(POD), 7, Optional.of(pods));
        TableWriter.addRow(
                (ArrayNode) table.get("rows"), pods, stored.open(pods), stored.open(pods), Include.METADATA, "v1", now);
        // The second telling is of rows that the first one has read.
        for (int i = 0; i < 2; i++) {
            assertThat(joined(TableWriter.json(
                            TableWriter.header(columns, "v1"), pods, List.of(stored), Include.METADATA, "v1", now)))
                    .isEqualTo(table);
        }
        assertThat(table.at("/rows/0/cells/3").asText()).startsWith("3 (").endsWith(" ago)");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3_000})
    void joinsAnyNumberOfRows(int count) {
        var catalog = BuiltInResources.catalog(BuiltInResources.schemas(BuiltInTypes.load()));
        var pods = catalog.find(new GroupResource("", "pods")).orElseThrow();
        var stored = StoredObject.of((ObjectNode) Json.tree(POD), 7, Optional.of(pods));
        var header = TableWriter.header(TableWriter.columns(pods), "v1");
        var pieces =
                TableWriter.json(header, pods, Collections.nCopies(count, stored), Include.NONE, "v1", Instant.EPOCH);
        var rows = joined(pieces).get("rows");
        assertThat(rows).hasSize(count);
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.get("object")).isEqualTo(JsonNodeFactory.instance.nullNode());
            assertThat(row.get("cells").get(0).asText()).isEqualTo("p\"q");
        });
    }

    private static ObjectNode joined(byte[][] pieces) {
        var out = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            out.writeBytes(piece);
        }
        return (ObjectNode) Json.tree(out.toByteArray());
    }
}
