package io.pilothouse.http.spdy;

import io.pilothouse.http.Headers;
import io.pilothouse.http.RawConnection;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A SPDY/3.1 session on a raw connection, either side. Its flow control is TCP's: Kubernetes' own SPDY library neither sends nor heeds
 * WINDOW_UPDATE, so that waiting for one would stop any stream at 64 KiB. Safe on any thread.
 */
public final class SpdyConnection implements AutoCloseable {
    private static final int SYN_STREAM = 1;
    private static final int SYN_REPLY = 2;
    private static final int RST_STREAM = 3;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int FIN = 1;
    private static final int MAX_FRAME = 4 << 20;
    private static final int MAX_CONTROL_FRAME = 64 * 1024;
    private static final int MAX_DATA = 32 * 1024;
    private static final int MAX_STREAMS = 1000;
    private static final int REFUSED = 3;
    private static final long REPLY_SECONDS = 30;
    private final RawConnection raw;
    private final boolean server;
    private final HeaderBlocks blocks = new HeaderBlocks();
    private final Map<Integer, SpdyStream> streams = new ConcurrentHashMap<>();
    private final BlockingQueue<SpdyStream> arrived = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    /** Guards writing, the compressor and stream numbers, which must go up on the wire. */
    private final ReentrantLock sending = new ReentrantLock();

    private int nextId;
    private int nextPing;
    private volatile int lastPeerId;

    private SpdyConnection(RawConnection raw, boolean server) {
        this.raw = raw;
        this.server = server;
        this.nextId = server ? 2 : 1;
        this.nextPing = nextId;
        Thread.ofVirtual().name("spdy-reader").start(this::readLoop);
    }

    /** The side that accepted the connection. */
    public static SpdyConnection server(RawConnection raw) {
        return new SpdyConnection(raw, true);
    }

    /** The side that made the connection. */
    public static SpdyConnection client(RawConnection raw) {
        return new SpdyConnection(raw, false);
    }

    /**
     * Opens a stream and waits until the peer accepts it.
     *
     * @throws IOException when the peer refuses, is gone or does not answer in 30 s
     */
    public SpdyStream open(Headers headers) throws IOException {
        SpdyStream stream;
        sending.lock();
        try {
            if (!isOpen()) {
                throw new IOException("SPDY connection is closed");
            }
            int id = nextId;
            nextId += 2;
            stream = new SpdyStream(this, id, headers, false, false);
            streams.put(id, stream);
            byte[] block = blocks.encode(headers);
            send(control(SYN_STREAM, 0, 10 + block.length)
                    .putInt(id)
                    .putInt(0)
                    .putShort((short) 0)
                    .put(block));
        } finally {
            sending.unlock();
        }
        stream.awaitReply(REPLY_SECONDS);
        return stream;
    }

    /** The next stream that the peer opened; empty after that long, or when the connection is closed. */
    public Optional<SpdyStream> accept(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            // In short waits, since closing puts nothing in the queue.
            long left = Math.min(deadline - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(100));
            SpdyStream stream = arrived.poll(Math.max(0, left), TimeUnit.NANOSECONDS);
            if (stream != null || left <= 0 || !isOpen()) {
                return Optional.ofNullable(stream == null ? arrived.poll() : stream);
            }
        }
    }

    /** Asks for a sign of life, so that idle connections stay in the tables of what lies between. */
    public void ping() throws IOException {
        sending.lock();
        try {
            send(control(PING, 0, 4).putInt(nextPing));
            nextPing += 2;
        } finally {
            sending.unlock();
        }
    }

    /** Whether it can be used. */
    public boolean isOpen() {
        return closed.getCount() > 0;
    }

    /** Waits until it is closed by either side; false after that long. */
    public boolean awaitClose(Duration patience) throws InterruptedException {
        return closed.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Says goodbye and closes; all streams fail. */
    @Override
    public void close() {
        if (isOpen()) {
            try {
                sendGoAway();
            } catch (IOException e) {
                // The peer is gone already: there is nobody to say it to.
            }
        }
        shutDown(new IOException("SPDY connection is closed"));
    }

    private void sendGoAway() throws IOException {
        sending.lock();
        try {
            send(control(GOAWAY, 0, 8).putInt(lastPeerId).putInt(0));
        } finally {
            sending.unlock();
        }
    }

    private void shutDown(IOException cause) {
        raw.close();
        closed.countDown();
        streams.values().forEach(stream -> stream.endInput(cause));
        streams.clear();
    }

    void forget(SpdyStream stream) {
        streams.remove(stream.id(), stream);
    }

    void sendData(int id, byte[] bytes, int from, int length) throws IOException {
        for (int at = 0; at < length; at += MAX_DATA) {
            int count = Math.min(MAX_DATA, length - at);
            sending.lock();
            try {
                send(ByteBuffer.allocate(8 + count).putInt(id).putInt(count).put(bytes, from + at, count));
            } finally {
                sending.unlock();
            }
        }
    }

    void sendFin(int id) throws IOException {
        sending.lock();
        try {
            send(ByteBuffer.allocate(8).putInt(id).putInt(FIN << 24));
        } finally {
            sending.unlock();
        }
    }

    void sendReset(int id, int status) {
        sending.lock();
        try {
            send(control(RST_STREAM, 0, 8).putInt(id).putInt(status));
        } catch (IOException e) {
            shutDown(e);
        } finally {
            sending.unlock();
        }
    }

    private static ByteBuffer control(int type, int flags, int length) {
        return ByteBuffer.allocate(8 + length).putInt(0x80030000 | type).putInt((flags << 24) | length);
    }

    @SuppressWarnings("ByteBufferBackingArray") // all of them are allocated here
    private void send(ByteBuffer frame) throws IOException {
        raw.output().write(frame.array(), 0, frame.position());
        raw.output().flush();
    }

    private void readLoop() {
        IOException cause = new EOFException("the peer closed the SPDY connection");
        try {
            DataInputStream in = new DataInputStream(new BufferedInputStream(raw.input(), 32 * 1024));
            while (isOpen()) {
                readFrame(in);
            }
        } catch (IOException e) {
            cause = e;
        } finally {
            shutDown(cause);
            sending.lock();
            try {
                blocks.close();
            } finally {
                sending.unlock();
            }
        }
    }

    private void readFrame(DataInputStream in) throws IOException {
        int first = in.readInt();
        int second = in.readInt();
        int flags = second >>> 24;
        int length = second & 0xffffff;
        boolean isControl = first < 0;
        if (length > (isControl ? MAX_CONTROL_FRAME : MAX_FRAME)) {
            throw new IOException("SPDY frame of " + length + " bytes is too long");
        }
        byte[] body = new byte[length];
        in.readFully(body);
        if (!isControl) {
            data(first & 0x7fffffff, body, (flags & FIN) != 0);
            return;
        }
        if (((first >>> 16) & 0x7fff) != 3) {
            throw new IOException("not SPDY/3");
        }
        controlFrame(first & 0xffff, flags, ByteBuffer.wrap(body));
    }

    private void data(int id, byte[] body, boolean fin) {
        SpdyStream stream = streams.get(id);
        if (stream == null) {
            return; // of a stream that we have reset
        }
        stream.deliver(body);
        if (fin) {
            stream.endInput(null);
        }
    }

    private void controlFrame(int type, int flags, ByteBuffer body) throws IOException {
        try {
            switch (type) {
                case SYN_STREAM -> synStream(flags, body);
                case SYN_REPLY -> {
                    SpdyStream stream = stream(body);
                    blocks.decode(rest(body)); // also keeps the decompressor in step
                    if (stream != null) {
                        stream.reply();
                        if ((flags & FIN) != 0) {
                            stream.endInput(null);
                        }
                    }
                }
                case RST_STREAM -> {
                    SpdyStream stream = stream(body);
                    if (stream != null) {
                        stream.endInput(new IOException("the peer reset the SPDY stream, status " + body.getInt()));
                    }
                }
                case PING -> pong(body.getInt());
                case 8 -> { // HEADERS
                    body.getInt();
                    blocks.decode(rest(body));
                }
                case GOAWAY -> {} // the peer opens no more streams and closes when it is done
                default -> {} // SETTINGS and WINDOW_UPDATE: see the class; unknown types are to be ignored
            }
        } catch (java.nio.BufferUnderflowException e) {
            throw new IOException("SPDY frame is too short", e);
        }
    }

    private @Nullable SpdyStream stream(ByteBuffer body) {
        return streams.get(body.getInt() & 0x7fffffff);
    }

    private static byte[] rest(ByteBuffer body) {
        byte[] rest = new byte[body.remaining()];
        body.get(rest);
        return rest;
    }

    private void synStream(int flags, ByteBuffer body) throws IOException {
        int id = body.getInt() & 0x7fffffff;
        body.getInt();
        body.getShort();
        Headers headers = blocks.decode(rest(body));
        if ((id % 2 == 1) != server || id <= lastPeerId) {
            throw new IOException("SPDY stream number " + id + " is out of order");
        }
        lastPeerId = id;
        if (streams.size() >= MAX_STREAMS) {
            sendReset(id, REFUSED);
            return;
        }
        SpdyStream stream = new SpdyStream(this, id, headers, (flags & FIN) != 0, (flags & 2) != 0);
        streams.put(id, stream);
        sending.lock();
        try {
            byte[] block = blocks.encode(new Headers());
            send(control(SYN_REPLY, 0, 4 + block.length).putInt(id).put(block));
        } finally {
            sending.unlock();
        }
        arrived.add(stream);
    }

    private void pong(int id) throws IOException {
        if ((id % 2 != 0) == server) {
            sending.lock();
            try {
                send(control(PING, 0, 4).putInt(id));
            } finally {
                sending.unlock();
            }
        }
    }
}
