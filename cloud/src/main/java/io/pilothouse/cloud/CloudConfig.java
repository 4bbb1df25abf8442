package io.pilothouse.cloud;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;

/**
 * How the embedded cloud of a region is set up.
 *
 * @param region the region's name
 * @param accountId twelve digits
 * @param dataDirectory for instances and objects; made when it is not there
 * @param bind where the endpoint listens on the host; with isolated instances it also listens on the VPC's gateway, at the same port.
 *     Port 0 picks a free one, and then instances do not survive a restart of the region
 * @param isolate whether instances get network namespaces on a bridge; needs root, see VpcNetwork.canIsolate
 * @param instanceEnvironment more variables for instances, such as PATH
 */
public record CloudConfig(
        String region,
        String accountId,
        Path dataDirectory,
        InetSocketAddress bind,
        boolean isolate,
        Map<String, String> instanceEnvironment) {
    public CloudConfig {
        if (!accountId.matches("\\d{12}")) {
            throw new IllegalArgumentException("an account id has twelve digits: " + accountId);
        }
        if (!region.matches("[a-z0-9][a-z0-9-]{0,30}")) {
            throw new IllegalArgumentException("not a region's name: " + region);
        }
        instanceEnvironment = Map.copyOf(instanceEnvironment);
    }
}
