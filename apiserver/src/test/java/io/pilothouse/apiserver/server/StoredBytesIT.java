package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.DynamicMessage;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.kinds.BuiltInResources;
import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.EtcdStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Upstream's kube-apiserver and ours can serve the same etcd: ours reads what upstream wrote, and what ours writes is what upstream's
 * own message types read, to the last byte.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoredBytesIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String NAMESPACE = "stored-bytes";
    /** The revision is etcd's; the others repeat what stands in a newer or older field, and stringData is never stored. */
    private static final List<String> SAID_TWICE = List.of(
            "/metadata/resourceVersion",
            "/spec/serviceAccount",
            "Node/spec/podCIDRs/0",
            "Pod/status/podIPs/0/ip",
            "Secret/stringData");

    private ApiServerFixture fixture;
    private EtcdStore etcd;
    private final List<ResourceDefinition> definitions =
            BuiltInResources.catalog(BuiltInResources.schemas(BuiltInTypes.load())).definitions().stream()
                    .filter(d -> d.stored() && d.encoding() == ResourceDefinition.Encoding.PROTOBUF)
                    .toList();

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        fixture = new ApiServerFixture(directory);
        etcd = EtcdStore.connect(EtcdConfig.of(List.of(fixture.etcd())));
        fixture.send("POST", "/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + NAMESPACE + "\"}}");
        // No controller makes it here, and without it every pod waits for it and is refused.
        fixture.send(
                "POST",
                "/api/v1/namespaces/" + NAMESPACE + "/serviceaccounts",
                "{\"metadata\":{\"name\":\"default\"}}");
    }

    @AfterAll
    void stop() throws Exception {
        etcd.close();
        fixture.close();
    }

    /** A fully populated object of every kind, as upstream stores it, put into etcd by hand. */
    @Test
    void servesWhatUpstreamStored() throws Exception {
        var folder = Corpus.find("upstream/golden");
        Assumptions.assumeTrue(folder.isPresent(), "no golden bytes");
        var wrong = new ArrayList<String>();
        var served = new TreeSet<String>();
        for (var definition : definitions) {
            var kind = definition.storageVersion().kind();
            String file = (kind.group().isEmpty() ? "core" : kind.group()) + "." + kind.version() + "." + kind.kind();
            Path golden = folder.get().resolve(file + ".pb");
            if (!Files.exists(golden)) {
                wrong.add("there are no golden bytes of " + file);
                continue;
            }
            var expected = JSON.readTree(Files.readAllBytes(folder.get().resolve(file + ".json")));
            String namespace = definition.namespaced() ? "namespaceValue" : "";
            etcd.create(definition.key(namespace, "nameValue"), Files.readAllBytes(golden), 0);
            var answer = fixture.send("GET", path(definition, namespace) + "/nameValue?resourceVersion=", "");
            if (answer.statusCode() != 200) {
                wrong.add(file + ": " + answer.statusCode() + " " + answer.body());
                continue;
            }
            served.add(file);
            missing(expected, JSON.readTree(answer.body()), file, wrong);
            fixture.send("DELETE", path(definition, namespace) + "/nameValue?gracePeriodSeconds=0", "");
        }
        assertThat(wrong).isEmpty();
        System.out.println("golden objects of " + served.size() + " kinds put into etcd were served whole");
    }

    /**
     * What upstream's answer has and ours has not. A server may add defaults, and of values that say the same twice, as no real object says
     * them differently, both servers keep one.
     */
    private static void missing(JsonNode expected, JsonNode actual, String at, List<String> wrong) {
        if (SAID_TWICE.stream().anyMatch(at::endsWith)) {
            return;
        }
        if (expected.isObject()) {
            expected.properties()
                    .forEach(e -> missing(e.getValue(), actual.path(e.getKey()), at + "/" + e.getKey(), wrong));
        } else if (expected.isArray()) {
            for (int i = 0; i < expected.size(); i++) {
                missing(expected.get(i), actual.path(i), at + "/" + i, wrong);
            }
        } else if (!expected.equals(actual)) {
            wrong.add(at + ": expected " + expected + ", was " + actual);
        }
    }

    /** Objects that upstream is known to take, written through the API, read back from etcd with upstream's message types. */
    @Test
    void storesWhatUpstreamReads() throws Exception {
        var folder = Corpus.find("compat/cases/kinds");
        Assumptions.assumeTrue(folder.isPresent(), "no recorded cases");
        var messages = UpstreamMessages.load();
        var wrong = new ArrayList<String>();
        var covered = new TreeSet<String>();
        int written = 0;
        for (var creation : Corpus.creations(folder.get(), NAMESPACE)) {
            var answer = fixture.send("POST", creation.path(), creation.body());
            if (answer.statusCode() != 201) {
                continue;
            }
            var made = JSON.readTree(answer.body());
            var definition = definitions.stream()
                    .filter(d -> creation.path().matches(".*/" + d.plural() + "(\\?.*)?")
                            && d.versions().stream()
                                    .anyMatch(v -> v.kind()
                                            .apiVersion()
                                            .equals(made.path("apiVersion").asText())))
                    .findFirst();
            if (definition.isEmpty()) {
                continue;
            }
            String namespace = made.path("metadata").path("namespace").asText("");
            String name = made.path("metadata").path("name").asText();
            var stored = etcd.get(definition.get().key(namespace, name));
            if (stored.isEmpty()) {
                wrong.add(creation.name() + ": nothing at " + definition.get().key(namespace, name));
                continue;
            }
            check(creation.name(), definition.get(), stored.get().value(), messages, wrong);
            covered.add(definition.get().toString());
            written++;
            fixture.send("DELETE", path(definition.get(), namespace) + "/" + name + "?gracePeriodSeconds=0", "");
        }
        assertThat(wrong).isEmpty();
        assertThat(definitions.stream().map(ResourceDefinition::toString).filter(d -> !covered.contains(d)))
                .as("kinds of which nothing was written")
                .isEmpty();
        System.out.println("stored bytes of " + written + " objects of " + covered.size() + " kinds are upstream's");
    }

    private static void check(
            String name, ResourceDefinition definition, byte[] bytes, UpstreamMessages messages, List<String> wrong)
            throws Exception {
        var kind = definition.storedKind();
        var envelope = messages.envelope(bytes);
        if (!envelope.apiVersion().equals(kind.apiVersion()) || !envelope.kind().equals(kind.kind())) {
            wrong.add(name + ": stored as " + envelope.apiVersion() + " " + envelope.kind());
            return;
        }
        var descriptor = messages.of(kind);
        if (descriptor.isEmpty()) {
            wrong.add(name + ": upstream's message types lack " + kind);
            return;
        }
        var message = DynamicMessage.parseFrom(descriptor.get(), envelope.raw());
        var unknown = UpstreamMessages.unknownFields(message);
        if (!unknown.isEmpty()) {
            wrong.add(name + ": fields that upstream does not know: " + unknown);
        }
        if (!message.toByteString().equals(envelope.raw())) {
            wrong.add(name + ": upstream's types write other bytes");
        }
    }

    private static String path(ResourceDefinition definition, String namespace) {
        var kind = definition.storageVersion().kind();
        return (kind.group().isEmpty() ? "/api/" : "/apis/") + kind.apiVersion()
                + (namespace.isEmpty() ? "" : "/namespaces/" + namespace) + "/" + definition.plural();
    }
}
