package io.pilothouse.apiserver.kinds.admissionregistration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.List;

/** The names that are kept for configurations that lie in files beside a server. */
final class StaticNames {
    private static final String SUFFIX = ".static.k8s.io";

    private StaticNames() {}

    static List<String> warnings(ObjectNode object) {
        return ObjectMeta.name(object).endsWith(SUFFIX)
                ? List.of("metadata.name: names ending with \"" + SUFFIX
                        + "\" are reserved for static manifest-based configurations and cannot be managed via the API")
                : List.of();
    }
}
