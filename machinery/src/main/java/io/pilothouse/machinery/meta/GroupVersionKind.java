package io.pilothouse.machinery.meta;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** A kind in one version of its group. */
public record GroupVersionKind(String group, String version, String kind) {

    public static GroupVersionKind of(String apiVersion, String kind) {
        return GroupVersion.parse(apiVersion).withKind(kind);
    }

    /** What an object says of itself; absent parts are empty. */
    public static GroupVersionKind of(JsonNode object) {
        return of(object.path("apiVersion").asText(""), object.path("kind").asText(""));
    }

    public GroupVersion groupVersion() {
        return new GroupVersion(group, version);
    }

    public GroupKind groupKind() {
        return new GroupKind(group, kind);
    }

    public String apiVersion() {
        return groupVersion().apiVersion();
    }

    // Said here: what the compiler would write is put together by generated code at its first call, which every start
    // would wait for.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GroupVersionKind that
                && kind.equals(that.kind)
                && version.equals(that.version)
                && group.equals(that.group);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * kind.hashCode() + version.hashCode()) + group.hashCode();
    }

    /** Upstream's print: {@code apps/v1, Kind=Deployment}. */
    @Override
    public String toString() {
        return group + "/" + version + ", Kind=" + kind;
    }
}
