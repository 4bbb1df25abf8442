package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Subresource.ViewStrategy;

/** The usual rules of a status subresource. */
public enum StatusView implements ViewStrategy {
    /** Only the status changes, and metadata other than the labels. */
    KEEPS_LABELS {
        @Override
        void restrictMetadata(ObjectNode metadata, ObjectNode old) {
            take(metadata, old, "labels");
        }
    },
    /** Only the status changes, and all metadata may. */
    FREE_METADATA {
        @Override
        void restrictMetadata(ObjectNode metadata, ObjectNode old) {}
    },
    /** Only the status and managed fields change. */
    KEEPS_METADATA {
        @Override
        void restrictMetadata(ObjectNode metadata, ObjectNode old) {
            for (String field : new String[] {"labels", "annotations", "finalizers", "ownerReferences"}) {
                take(metadata, old, field);
            }
        }
    };

    abstract void restrictMetadata(ObjectNode metadata, ObjectNode old);

    @Override
    public void restrict(ObjectNode object, ObjectNode old) {
        var status = object.get("status");
        var metadata = object.withObjectProperty("metadata");
        object.properties().removeIf(e -> !isCommon(e.getKey()));
        for (var field : old.properties()) {
            if (!isCommon(field.getKey()) && !field.getKey().equals("status")) {
                object.set(field.getKey(), field.getValue());
            }
        }
        if (status != null) {
            object.set("status", status);
        }
        restrictMetadata(metadata, old.withObjectProperty("metadata"));
    }

    private static boolean isCommon(String field) {
        return field.equals("metadata") || field.equals("kind") || field.equals("apiVersion");
    }

    private static void take(ObjectNode metadata, ObjectNode old, String field) {
        var kept = old.get(field);
        if (kept == null) {
            metadata.remove(field);
        } else {
            metadata.set(field, kept);
        }
    }
}
