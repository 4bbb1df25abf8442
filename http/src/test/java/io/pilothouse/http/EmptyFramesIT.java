package io.pilothouse.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** DATA frames of nothing, which RFC 9113 allows anywhere in a body: they are not its end, and must not be waited behind. */
@Timeout(20)
class EmptyFramesIT {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    /** POST, https, / and the authority x, of HPACK's static table. */
    private static final byte[] HEAD = {(byte) 0x83, (byte) 0x87, (byte) 0x84, 0x01, 1, 'x'};

    @Test
    void readsOnBehindEmptyFrames() throws Exception {
        var ca = new TestCertificates("test-ca");
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var server = HttpServer.start(
                        HttpServerConfig.of(any).withTls(ca.server()),
                        exchange -> exchange.respond(200, new Headers(), exchange.body(100)));
                var socket = (SSLSocket) ca.client()
                        .getSocketFactory()
                        .createSocket(
                                server.address().getAddress(), server.address().getPort())) {
            var parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            var out = socket.getOutputStream();
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(UTF_8));
            send(out, SETTINGS, 0, 0, "");
            send(out, HEADERS, END_HEADERS, 1, new String(HEAD, ISO_8859_1));
            for (var part : new String[] {"a", "", "", "b", ""}) {
                Thread.sleep(50); // so that each is waited for
                send(out, DATA, 0, 1, part);
            }
            send(out, DATA, END_STREAM, 1, "");
            assertThat(body(new DataInputStream(socket.getInputStream()))).isEqualTo("ab");
        }
    }

    private static void send(OutputStream out, int type, int flags, int stream, String payload) throws IOException {
        byte[] bytes = payload.getBytes(ISO_8859_1);
        var frame = new ByteArrayOutputStream();
        frame.writeBytes(new byte[] {0, 0, (byte) bytes.length, (byte) type, (byte) flags, 0, 0, 0, (byte) stream});
        frame.writeBytes(bytes);
        out.write(frame.toByteArray());
        out.flush();
    }

    /** What the DATA frames of the answer hold. */
    private static String body(DataInputStream in) throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = in.readNBytes(length);
            if (type == DATA) {
                body.writeBytes(payload);
            }
            if (stream == 1 && (flags & END_STREAM) != 0) {
                return body.toString(UTF_8);
            }
        }
    }
}
