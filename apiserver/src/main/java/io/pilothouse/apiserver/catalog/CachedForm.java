package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How the cache holds objects, as against how a definition handles them. Built-in kinds are cached as they are handled. A
 * custom resource is cached as it lies in etcd, in whatever version it was written, because what its schema says of it may
 * change without the object.
 */
public interface CachedForm {
    /** Cached as handled. */
    CachedForm SAME = new CachedForm() {
        @Override
        public ObjectNode open(ObjectNode cached) {
            return cached;
        }

        @Override
        public ObjectNode seal(ObjectNode object) {
            return object;
        }

        @Override
        public boolean asHandled() {
            return true;
        }

        @Override
        public boolean remote() {
            return false;
        }
    };

    /**
     * What a cached object is to the definition. The argument may be changed.
     *
     * @throws io.pilothouse.machinery.status.StatusException if it cannot be converted
     */
    ObjectNode open(ObjectNode cached);

    /** What is to be cached and stored of an object. The argument may be changed. */
    ObjectNode seal(ObjectNode object);

    /** Whether cached bytes are shown as they are. */
    boolean asHandled();

    /** Whether another server may be asked on the way, which takes as long as that one takes. Never changes. */
    boolean remote();
}
