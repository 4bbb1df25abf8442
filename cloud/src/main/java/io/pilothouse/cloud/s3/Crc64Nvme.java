package io.pilothouse.cloud.s3;

import java.util.zip.Checksum;

/** CRC-64/NVME: polynomial 0xAD93D23594C93659, reflected, initial value and final xor all ones. */
final class Crc64Nvme implements Checksum {
    private static final long REFLECTED_POLYNOMIAL = 0x9A6C9329AC4BC9B5L;
    private final long[] table = new long[256];
    private long crc = -1;

    Crc64Nvme() {
        for (int i = 0; i < 256; i++) {
            long value = i;
            for (int bit = 0; bit < 8; bit++) {
                value = (value & 1) == 1 ? (value >>> 1) ^ REFLECTED_POLYNOMIAL : value >>> 1;
            }
            table[i] = value;
        }
    }

    @Override
    public void update(int b) {
        crc = table[(int) (crc ^ b) & 0xff] ^ (crc >>> 8);
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            update(bytes[i]);
        }
    }

    @Override
    public long getValue() {
        return ~crc;
    }

    @Override
    public void reset() {
        crc = -1;
    }
}
