package io.pilothouse.cloud.ec2;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Whether something listens. */
final class Reachable {
    private static final int TIMEOUT_MILLIS = 250;

    private Reachable() {}

    static boolean tcp(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), TIMEOUT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
