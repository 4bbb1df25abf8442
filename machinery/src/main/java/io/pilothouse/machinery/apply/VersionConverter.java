package io.pilothouse.machinery.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.schema.TypeSchema;
import org.jspecify.annotations.Nullable;

/** Turns an object into another version of its kind, so that what managers own in that version can be compared. */
@FunctionalInterface
public interface VersionConverter {
    /** For kinds with one version. */
    VersionConverter NONE = (object, apiVersion) -> null;

    /** An object and its type. */
    record Versioned(ObjectNode object, TypeSchema type) {}

    /**
     * The object in another version; null where that version is not known any more. The object is not to be changed and is never in
     * the wanted version already.
     */
    @Nullable
    Versioned convert(ObjectNode object, String apiVersion);
}
