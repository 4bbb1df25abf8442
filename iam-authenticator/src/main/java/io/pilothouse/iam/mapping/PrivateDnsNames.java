package io.pilothouse.iam.mapping;

import java.io.IOException;
import java.util.Optional;

/** The private DNS names of EC2 instances. May block. */
@FunctionalInterface
public interface PrivateDnsNames {
    /** The name of an instance; empty when there is no such instance. */
    Optional<String> find(String instanceId) throws IOException;
}
