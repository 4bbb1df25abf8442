package io.pilothouse.apiserver.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.CachedForm;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.negotiation.Format;
import io.pilothouse.apiserver.negotiation.Output;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.apiserver.registry.WatchEvents.Event;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.TypeSchema;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WatchEncoderTest {
    private static final GroupVersionKind KIND = new GroupVersionKind("example.com", "v1", "Rod");

    /** A form that is opened by adding a default. */
    private record Defaulting(boolean remote, AtomicInteger opened) implements CachedForm {
        Defaulting(boolean remote) {
            this(remote, new AtomicInteger());
        }

        @Override
        public ObjectNode open(ObjectNode cached) {
            opened.incrementAndGet();
            cached.putObject("spec").put("size", 3);
            return cached;
        }

        @Override
        public ObjectNode seal(ObjectNode object) {
            return object;
        }

        @Override
        public boolean asHandled() {
            return false;
        }
    }

    private static ObjectForm form(CachedForm cached) {
        var version = ServedVersion.same(KIND, TypeSchema.any());
        var definition = ResourceDefinition.of("example.com", "rods", "rod", "Rod")
                .custom()
                .storedKind(KIND)
                .cachedForm(cached)
                .version(version)
                .build();
        return new ObjectForm(definition, version);
    }

    private static WatchEncoder encoder(ObjectForm form, Output output) {
        return new WatchEncoder(form, output, TableWriter.Include.NONE, Instant.EPOCH);
    }

    private static Output as(String what, String version) {
        return new Output(Format.JSON, what, version, false);
    }

    @Test
    void sharesWhatIsTheSameForAllAndAsksNobody() {
        for (var form : new ObjectForm[] {form(CachedForm.SAME), form(new Defaulting(false))}) {
            assertThat(encoder(form, as("", "")).shares()).isTrue();
            assertThat(encoder(form, as("PartialObjectMetadata", "v1")).shares())
                    .isTrue();
            assertThat(encoder(form, as("PartialObjectMetadataList", "v1")).shares())
                    .isFalse();
            assertThat(encoder(form, as("Table", "v1")).shares()).isFalse();
        }
        var remote = form(new Defaulting(true));
        assertThat(encoder(remote, as("", "")).shares()).isFalse();
        assertThat(encoder(remote, as("PartialObjectMetadata", "v1")).shares()).isFalse();
    }

    @Test
    void tellsVersionsAndFormatsApart() {
        var form = form(CachedForm.SAME);
        var partial = encoder(form, as("PartialObjectMetadata", "v1")).kind();
        assertThat(encoder(form, as("PartialObjectMetadata", "v1")).kind()).isEqualTo(partial);
        assertThat(encoder(form, as("PartialObjectMetadata", "v1beta1")).kind()).isNotEqualTo(partial);
        assertThat(encoder(form, as("", "")).kind()).isNotEqualTo(partial);
        assertThat(encoder(form, new Output(Format.PROTOBUF, "PartialObjectMetadata", "v1", false))
                        .kind())
                .isNotEqualTo(partial);
        assertThat(encoder(form(CachedForm.SAME), as("PartialObjectMetadata", "v1"))
                        .kind())
                .as("the same resource as it was declared another time")
                .isNotEqualTo(partial);
    }

    @Test
    void opensAnObjectOnceForATable() {
        var remote = new Defaulting(true);
        var object = (ObjectNode) Json.tree("{\"apiVersion\":\"example.com/v1\",\"metadata\":{\"name\":\"a\"}}");
        var event = new Event.Change("ADDED", StoredObject.of(object, 5, Optional.empty()));
        var encoder = new WatchEncoder(form(remote), as("Table", "v1"), TableWriter.Include.OBJECT, Instant.EPOCH);
        assertThat(text(encoder.pieces(event)))
                .contains(
                        "\"object\":{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"5\"},\"kind\":\"Rod\",\"apiVersion\":\"example.com/v1\",\"spec\":{\"size\":3}}");
        assertThat(remote.opened).hasValue(1);
    }

    @Test
    void showsObjectsAsTheyAreOpened() {
        var form = form(new Defaulting(false));
        var object = (ObjectNode) Json.tree("{\"apiVersion\":\"example.com/v1\",\"metadata\":{\"name\":\"a\"}}");
        var event = new Event.Change("ADDED", StoredObject.of(object, 5, Optional.empty()));
        assertThat(text(encoder(form, as("", "")).pieces(event)))
                .isEqualTo(
                        "{\"type\":\"ADDED\",\"object\":{\"apiVersion\":\"example.com/v1\",\"kind\":\"Rod\",\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"5\"},\"spec\":{\"size\":3}}}\n");
        assertThat(text(encoder(form, as("PartialObjectMetadata", "v1beta1")).pieces(event)))
                .isEqualTo(
                        "{\"type\":\"ADDED\",\"object\":{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1beta1\",\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"5\"}}}\n");
    }

    private static String text(byte[]... pieces) {
        var text = new StringBuilder();
        for (byte[] piece : pieces) {
            text.append(new String(piece, StandardCharsets.UTF_8));
        }
        return text.toString();
    }
}
