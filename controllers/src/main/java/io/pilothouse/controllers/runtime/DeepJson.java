package io.pilothouse.controllers.runtime;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** JSON as deep as the API server gives it: with Jackson's own limit a single deep object would end every list that it stands in. */
final class DeepJson {
    /** The API server's 10,000 levels, and some for managed fields, which repeat an object's fields a few levels deeper. */
    private static final int LEVELS = 10_100;

    private DeepJson() {}

    static KubernetesSerialization serialization() {
        var factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(LEVELS)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .build())
                .streamWriteConstraints(
                        StreamWriteConstraints.builder().maxNestingDepth(LEVELS).build())
                .build();
        return new KubernetesSerialization(new ObjectMapper(factory), true);
    }
}
