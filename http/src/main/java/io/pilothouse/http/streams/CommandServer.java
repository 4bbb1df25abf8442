package io.pilothouse.http.streams;

import io.pilothouse.http.Exchange;
import io.pilothouse.http.UpgradeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;

/**
 * The serving side of a remote command (exec, attach, run) towards any Kubernetes client: WebSocket channels v1 to v5 or SPDY v1 to v4. What the
 * client did not ask for is empty or goes nowhere. Each stream is for one thread at a time; the streams are independent.
 */
public interface CommandServer extends AutoCloseable {
    /** The request's and answer's field that names the version over SPDY. */
    String VERSION_FIELD = "X-Stream-Protocol-Version";

    /**
     * Answers the upgrade and, over SPDY, waits for the client's streams.
     *
     * @throws UpgradeException when the client asks for no version known here, or for no upgrade; nothing is answered then
     */
    static CommandServer accept(Exchange exchange, CommandOptions options) throws IOException {
        return exchange.wantsUpgrade("websocket")
                ? WebSocketCommandServer.open(exchange, options)
                : SpdyCommandServer.open(exchange, options);
    }

    /** 1 to 5. From 4 on the error channel carries a Status as JSON, before it a message when there is an error. */
    int version();

    /** What the client types; ends at its end or when it goes away. */
    InputStream stdin();

    /** Towards the client. */
    OutputStream stdout();

    /** Towards the client. */
    OutputStream stderr();

    /** The terminal's sizes, for {@link TerminalSize#read}. */
    InputStream resizeEvents();

    /** Runs the action on a thread of its own when the client goes away. */
    void onDisconnect(Runnable action);

    /**
     * Ends the session: sends the outcome on the error channel and lets the client take everything before the connection is closed.
     *
     * @param outcome see {@link #version}
     */
    void finish(byte[] outcome) throws IOException;

    /** Closes at once; does nothing after {@link #finish}. */
    @Override
    void close();

    /** The version of a protocol's name, 0 when it is unknown. */
    static int versionOf(String protocol) {
        List<String> names = List.of(
                "channel.k8s.io", "v2.channel.k8s.io", "v3.channel.k8s.io", "v4.channel.k8s.io", "v5.channel.k8s.io");
        return names.indexOf(protocol.toLowerCase(Locale.ROOT)) + 1;
    }

    /** The name of a version. */
    static String protocolOf(int version) {
        return version == 1 ? "channel.k8s.io" : "v" + version + ".channel.k8s.io";
    }
}
