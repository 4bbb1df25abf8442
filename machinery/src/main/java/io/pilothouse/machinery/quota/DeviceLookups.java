package io.pilothouse.machinery.quota;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** What must be known to count a claim of devices that stands for an extended resource of a pod. */
public interface DeviceLookups {
    /** All device classes. */
    List<? extends JsonNode> classes();

    /** All resource claims of a namespace. */
    List<? extends JsonNode> claims(String namespace);

    /** A pod. */
    Optional<? extends JsonNode> pod(String namespace, String name);
}
