package io.pilothouse.apiserver.encryption;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a key service's envelope is stored as (upstream's protobuf EncryptedObject of KMS v2): the value, and the encrypted seed or key that it is
 * encrypted under.
 *
 * @param seeded whether the source is a seed, not a key
 */
@SuppressWarnings("ArrayRecordComponent") // compared as a cache key by fields that are no arrays
record EncryptedObject(byte[] data, String keyId, byte[] source, Map<String, byte[]> annotations, boolean seeded) {
    static final int LONGEST_KEY_ID = 1024;
    private static final int LONGEST_SOURCE = 1024;
    private static final int MOST_ANNOTATIONS = 32 * 1024;

    EncryptedObject {
        annotations = Map.copyOf(annotations);
    }

    byte[] encode() {
        var out = new ByteArrayOutputStream();
        ProtoFields.bytes(out, 1, data);
        ProtoFields.bytes(out, 2, Bytes.of(keyId));
        ProtoFields.bytes(out, 3, source);
        new TreeMap<>(annotations).forEach((name, value) -> {
            var entry = new ByteArrayOutputStream();
            ProtoFields.bytes(entry, 1, Bytes.of(name));
            ProtoFields.bytes(entry, 2, value);
            ProtoFields.bytes(out, 4, entry.toByteArray());
        });
        if (seeded) {
            ProtoFields.number(out, 5, 1);
        }
        return out.toByteArray();
    }

    static EncryptedObject decode(byte[] encoded) throws GeneralSecurityException {
        var fields = ProtoFields.read(encoded);
        var annotations = new TreeMap<String, byte[]>();
        for (byte[] entry : fields.all(4)) {
            var pair = ProtoFields.read(entry);
            annotations.put(pair.text(1), pair.bytes(2));
        }
        long type = fields.number(5);
        if (type > 1) {
            throw new GeneralSecurityException("unknown encryptedDEKSourceType: " + type);
        }
        var object = new EncryptedObject(fields.bytes(1), fields.text(2), fields.bytes(3), annotations, type == 1);
        if (object.data.length == 0) {
            throw new GeneralSecurityException("encrypted data is empty");
        }
        object.check();
        return object;
    }

    /** @throws GeneralSecurityException if the key service gave what cannot be kept */
    void check() throws GeneralSecurityException {
        if (source.length == 0) {
            throw new GeneralSecurityException(
                    "failed to validate encrypted DEK source: encrypted DEK source is empty");
        }
        if (source.length > LONGEST_SOURCE) {
            throw new GeneralSecurityException("failed to validate encrypted DEK source: encrypted DEK source is "
                    + source.length + " bytes, which exceeds the max size of " + LONGEST_SOURCE);
        }
        checkKeyId(keyId);
        int size = annotations.entrySet().stream()
                .mapToInt(e -> e.getKey().length() + e.getValue().length)
                .sum();
        if (size > MOST_ANNOTATIONS) {
            throw new GeneralSecurityException("failed to validate annotations: total size of annotations is " + size
                    + ", which exceeds the max size of " + MOST_ANNOTATIONS);
        }
    }

    static void checkKeyId(String keyId) throws GeneralSecurityException {
        if (keyId.isEmpty()) {
            throw new GeneralSecurityException("failed to validate key id: keyID is empty");
        }
        int length = Bytes.of(keyId).length;
        if (length > LONGEST_KEY_ID) {
            throw new GeneralSecurityException("failed to validate key id: keyID is " + length
                    + " bytes, which exceeds the max size of " + LONGEST_KEY_ID);
        }
    }

    @Override
    public String toString() {
        return "EncryptedObject[" + data.length + " bytes]";
    }
}
