package io.pilothouse.machinery.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Utf8RepairTest {
    @Test
    void replacesEachByteThatDoesNotFit() {
        var body = new ByteArrayOutputStream();
        body.writeBytes("{\"k\":\"aé€".getBytes(StandardCharsets.UTF_8));
        body.writeBytes(new byte[] {(byte) 0xff, (byte) 0xe2, (byte) 0x82});
        body.writeBytes("b\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(Json.tree(body.toByteArray()).path("k").textValue()).isEqualTo("aé€\uFFFD\uFFFD\uFFFDb");
    }

    @Test
    void leavesWhatIsWrongForOtherReasons() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> Json.tree("{\"k\":"))
                .isInstanceOf(DecodeException.class)
                .hasMessage("unexpected end of JSON input");
    }
}
