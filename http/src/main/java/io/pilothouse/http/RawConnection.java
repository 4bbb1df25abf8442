package io.pilothouse.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A two-way stream of bytes. One reader and one writer at a time, which may be different threads; closing from any. */
public interface RawConnection extends AutoCloseable {
    /** What the peer sends; blocks, ends with -1. */
    InputStream input();

    /** Towards the peer; blocks on back pressure; each write is sent at once. */
    OutputStream output();

    /** Whether neither side has closed it. */
    boolean isOpen();

    /** Tells the peer that nothing more will come, where the transport can, while reading goes on. */
    void shutdownOutput() throws IOException;

    /** Closes both ways; blocked readers and writers wake with an exception or the end. */
    @Override
    void close();
}
