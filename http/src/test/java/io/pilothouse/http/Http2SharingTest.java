package io.pilothouse.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection of two streams, whose peer takes at once whatever is flushed. */
class Http2SharingTest {
    private static final int STREAM_WINDOW = 1 << 20;
    /** :method GET, :path /, :scheme http (RFC 7541). */
    private static final byte[] GET_ROOT = {(byte) 0x82, (byte) 0x84, (byte) 0x86};

    private final FlushConsolidationHandler consolidation = new FlushConsolidationHandler();
    private final Http2FrameCodec codec =
            Http2FrameCodecBuilder.forServer().autoAckSettingsFrame(true).build();
    private final EmbeddedChannel channel = new EmbeddedChannel(consolidation, codec);
    private final Http2Sharing sharing = new Http2Sharing(codec, consolidation);
    private int written;

    @BeforeEach
    void open() {
        channel.writeInbound(Http2CodecUtil.connectionPrefaceBuf());
        channel.writeInbound(frame(4, 0, 0, Unpooled.buffer().writeShort(4).writeInt(STREAM_WINDOW)));
        channel.writeInbound(frame(8, 0, 0, Unpooled.buffer().writeInt(16 << 20)));
        for (int stream : List.of(1, 3)) {
            channel.writeInbound(frame(1, 5, stream, Unpooled.wrappedBuffer(GET_ROOT)));
        }
        channel.releaseInbound();
        channel.releaseOutbound();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private static ByteBuf frame(int type, int flags, int stream, ByteBuf payload) {
        return Unpooled.wrappedBuffer(
                Unpooled.buffer()
                        .writeMedium(payload.readableBytes())
                        .writeByte(type)
                        .writeByte(flags)
                        .writeInt(stream),
                payload);
    }

    private ChannelHandlerContext context() {
        return channel.pipeline().context(codec);
    }

    private static SharedBytes bytes(int stream, int length) {
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) stream);
        return SharedBytes.of(content);
    }

    private void add(int stream, int length) {
        sharing.add(stream, bytes(stream, length), () -> written++);
    }

    /** What has arrived since the last call, by stream; all bytes of a stream are its number. */
    private Map<Integer, Integer> arrived() {
        var lengths = new TreeMap<Integer, Integer>();
        var all = Unpooled.compositeBuffer(1000);
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            all.addComponent(true, next);
        }
        while (all.isReadable()) {
            int length = all.readMedium();
            int type = all.readByte();
            all.skipBytes(1);
            int stream = all.readInt();
            var payload = all.readSlice(length);
            if (type == 0) {
                assertThat(payload.forEachByte(value -> value == stream)).isEqualTo(-1);
                lengths.merge(stream, length, Integer::sum);
            }
        }
        all.release();
        return lengths;
    }

    @Test
    void losesNothingWhenWhatIsSentMakesTheConnectionWritable() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(8 << 10, 32 << 10));
        add(3, 30_000);
        try (var next = bytes(1, 300_000)) {
            assertThat(sharing.addAtOnce(1, List.of(next))).isTrue();
        }
        sharing.flush(context());
        assertThat(arrived()).isEqualTo(Map.of(1, 300_000, 3, 30_000));
        assertThat(written).isEqualTo(1);
    }

    @Test
    void writesAtOnceWhatTheWindowsLetThroughAndNoMore() {
        try (var some = bytes(1, 700_000);
                var more = bytes(1, STREAM_WINDOW - 700_000 + 1)) {
            assertThat(sharing.addAtOnce(1, List.of(some))).isTrue();
            sharing.flush(context());
            assertThat(arrived()).isEqualTo(Map.of(1, 700_000));

            assertThat(sharing.addAtOnce(1, List.of(more)))
                    .as("a byte more than the window")
                    .isFalse();
            more.retain();
            sharing.add(1, more, () -> written++);
            sharing.flush(context());
            assertThat(arrived()).isEqualTo(Map.of(1, STREAM_WINDOW - 700_000));
            assertThat(written).isZero();
        }
        try (var next = bytes(1, 1)) {
            channel.writeInbound(frame(8, 0, 1, Unpooled.buffer().writeInt(10)));
            sharing.flush(context());
            assertThat(arrived()).isEqualTo(Map.of(1, 1));
            assertThat(written).isEqualTo(1);
            assertThat(sharing.addAtOnce(1, List.of(next))).isTrue();
            sharing.flush(context());
            assertThat(arrived()).isEqualTo(Map.of(1, 1));
        }
    }

    @Test
    void putsNothingBeforeWhatWaits() {
        add(3, STREAM_WINDOW + 1);
        try (var next = bytes(3, 1)) {
            assertThat(sharing.addAtOnce(3, List.of(next))).isFalse();
        }
        sharing.flush(context());
        assertThat(arrived()).isEqualTo(Map.of(3, STREAM_WINDOW));
        try (var next = bytes(3, 1)) {
            assertThat(sharing.addAtOnce(3, List.of(next))).isFalse();
        }
        try (var next = bytes(5, 1)) {
            assertThat(sharing.addAtOnce(5, List.of(next))).as("no such stream").isFalse();
        }
    }
}
