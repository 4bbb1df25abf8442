package io.pilothouse.apiserver.kubelet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.AddressFormat;
import io.pilothouse.machinery.status.StatusException;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Where a pod can be reached. */
final class PodAddress {
    private PodAddress() {}

    /** @throws StatusException 400 where a pod has no address of its own in the network */
    static InetAddress require(ObjectNode pod) {
        String text = pod.path("status").path("podIPs").path(0).path("ip").asText("");
        var bytes = AddressFormat.parse(text);
        if (bytes.isPresent()) {
            try {
                var address = InetAddress.getByAddress(bytes.get());
                if (isGlobal(address)) {
                    return address;
                }
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e);
            }
        }
        throw StatusException.badRequest("address not allowed");
    }

    private static boolean isGlobal(InetAddress address) {
        return !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isLinkLocalAddress()
                && !address.isMulticastAddress();
    }
}
