package io.pilothouse.apiserver.openapi;

import java.util.List;
import java.util.stream.Stream;

/** The media types that operations take and give. */
final class MediaTypes {
    static final String JSON = "application/json";
    static final String YAML = "application/yaml";
    static final List<String> OBJECTS = List.of(JSON, YAML, "application/vnd.kubernetes.protobuf");
    static final List<String> LISTS = Stream.concat(
                    OBJECTS.stream(),
                    Stream.of("application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch"))
            .toList();
    static final List<String> CUSTOM = List.of(JSON, YAML);
    static final List<String> ANY = List.of("*/*");
    static final List<String> PATCHES = List.of(
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json",
            "application/apply-patch+yaml");
    static final List<String> CUSTOM_PATCHES =
            List.of("application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml");

    private MediaTypes() {}
}
