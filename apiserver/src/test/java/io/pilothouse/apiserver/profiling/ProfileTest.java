package io.pilothouse.apiserver.profiling;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class ProfileTest {
    @Test
    void sumsEqualStacksAndNamesEverything() throws Exception {
        var kind = new Profile.Kind("cpu", "nanoseconds");
        var profile = new Profile(kind, 10, new Profile.Kind("samples", "count"), kind);
        var leaf = new Frame("A.leaf", "A.java", 3);
        var root = new Frame("A.root", "A.java", 9);
        profile.add(List.of(leaf, root), 1, 10);
        profile.add(List.of(root), 1, 10);
        profile.add(List.of(leaf, root), 1, 10);
        byte[] zipped = profile.gzipped(Instant.ofEpochSecond(1), Duration.ofSeconds(2));
        var fields = UnknownFieldSet.parseFrom(new GZIPInputStream(new ByteArrayInputStream(zipped)).readAllBytes());

        var strings = fields.getField(6).getLengthDelimitedList().stream()
                .map(ByteString::toStringUtf8)
                .toList();
        assertThat(strings)
                .startsWith("")
                .contains("samples", "count", "cpu", "nanoseconds", "A.leaf", "A.root", "A.java");
        var samples = fields.getField(2).getLengthDelimitedList();
        assertThat(samples).hasSize(2);
        var first = UnknownFieldSet.parseFrom(samples.getFirst());
        assertThat(first.getField(1).getLengthDelimitedList().getFirst().toByteArray())
                .containsExactly(1, 2);
        assertThat(first.getField(2).getLengthDelimitedList().getFirst().toByteArray())
                .containsExactly(2, 20);
        var location = UnknownFieldSet.parseFrom(
                fields.getField(4).getLengthDelimitedList().getFirst());
        var line = UnknownFieldSet.parseFrom(
                location.getField(4).getLengthDelimitedList().getFirst());
        assertThat(line.getField(2).getVarintList()).containsExactly(3L);
        var function = UnknownFieldSet.parseFrom(
                fields.getField(5).getLengthDelimitedList().getFirst());
        assertThat(strings.get(function.getField(2).getVarintList().getFirst().intValue()))
                .isEqualTo("A.leaf");
        assertThat(fields.getField(9).getVarintList()).containsExactly(1_000_000_000L);
        assertThat(fields.getField(10).getVarintList()).containsExactly(2_000_000_000L);
        assertThat(fields.getField(12).getVarintList()).containsExactly(10L);
    }
}
