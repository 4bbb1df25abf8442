package io.pilothouse.controlplane.cluster;

import java.net.URI;
import java.nio.file.Path;

/**
 * How masters on this host reach the cloud.
 *
 * @param endpoint where they ask STS and EC2
 * @param instanceEndpoint where instances ask them: tokens of workers are signed for its host
 * @param credentials keys of {@link MasterPrincipal}, as lines of KEY=VALUE
 */
public record CloudAccess(URI endpoint, URI instanceEndpoint, Path credentials) {}
