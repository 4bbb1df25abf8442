package io.pilothouse.apiserver.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.machinery.schema.BuiltInTypes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/resources.md is made from the catalogue: what it says is served is served. */
class ResourceTableTest {
    private static final int ALL_VERBS = 8;
    private static final String HEAD = """
            # What the API server serves

            Made from the catalogue by `ResourceTableTest`, which fails where this file is stale. This writes it anew:

            ```
            scripts/mvn -pl apiserver -am test -Dtest=ResourceTableTest -Dpilothouse.docs=write -Dsurefire.failIfNoSpecifiedTests=false
            ```

            Custom resources come besides. "All" verbs are create, delete, deletecollection, get, list, patch, update and watch.

            | group | versions (the first is stored) | resource | scope | verbs | subresources | stored as | field selectors besides metadata | columns |
            |---|---|---|---|---|---|---|---|---|
            """;

    @Test
    void theTableIsTrue() throws Exception {
        var catalog = BuiltInResources.catalog(BuiltInResources.schemas(BuiltInTypes.load()));
        String table = HEAD
                + catalog.definitions().stream()
                        .sorted(Comparator.comparing((ResourceDefinition d) ->
                                        d.groupResource().group())
                                .thenComparing(ResourceDefinition::plural))
                        .map(ResourceTableTest::row)
                        .collect(Collectors.joining("\n", "", "\n"));
        Path file = Path.of("..", "docs", "resources.md");
        if ("write".equals(System.getProperty("pilothouse.docs"))) {
            Files.writeString(file, table);
        }
        assertThat(file).content().isEqualTo(table);
    }

    private static String row(ResourceDefinition resource) {
        String group = resource.groupResource().group();
        String versions = resource.versions().stream()
                .map(version -> version.kind())
                .map(kind -> kind.group().equals(group) ? kind.version() : kind.apiVersion())
                .collect(Collectors.joining(", "));
        String subresources = resource.subresources().values().stream()
                .map(Subresource::name)
                .sorted()
                .collect(Collectors.joining(", "));
        String stored = resource.encoding() == ResourceDefinition.Encoding.JSON ? "JSON" : "protobuf";
        List<String> cells = List.of(
                group.isEmpty() ? "core" : group,
                versions,
                resource.plural(),
                resource.namespaced() ? "namespace" : "cluster",
                resource.verbs().size() == ALL_VERBS ? "all" : String.join(", ", resource.verbs()),
                subresources,
                resource.stored() ? stored : "not stored",
                resource.selectableFields().keySet().stream().sorted().collect(Collectors.joining(", ")),
                resource.columns().isEmpty()
                        ? "name, age"
                        : Integer.toString(resource.columns().size()));
        return "| " + String.join(" | ", cells) + " |";
    }
}
