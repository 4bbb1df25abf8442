package io.pilothouse.apiserver.encryption;

import io.pilothouse.http.grpc.GrpcClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.TreeMap;
import java.util.UUID;

/** A KMS v2 plugin behind a Unix socket ({@code v2.KeyManagementService}). Safe for use by many threads; a caller waits. */
final class GrpcKeyService implements KeyService {
    private static final String METHOD = "/v2.KeyManagementService/";

    private final GrpcClient grpc;
    private final Duration timeout;

    GrpcKeyService(Path socket, Duration timeout) {
        this.grpc = GrpcClient.onSocket(socket);
        this.timeout = timeout;
    }

    @Override
    public Status status() throws IOException {
        try {
            var answer = ProtoFields.read(grpc.call(METHOD + "Status", new byte[0], timeout));
            return new Status(answer.text(1), answer.text(2), answer.text(3));
        } catch (GeneralSecurityException e) {
            throw new IOException("the key service's status cannot be read", e);
        }
    }

    @Override
    public Encrypted encrypt(byte[] plain) throws IOException {
        var request = new ByteArrayOutputStream();
        ProtoFields.bytes(request, 1, plain);
        ProtoFields.bytes(request, 2, Bytes.of(UUID.randomUUID().toString()));
        try {
            var answer = ProtoFields.read(grpc.call(METHOD + "Encrypt", request.toByteArray(), timeout));
            var annotations = new TreeMap<String, byte[]>();
            for (byte[] entry : answer.all(3)) {
                var pair = ProtoFields.read(entry);
                annotations.put(pair.text(1), pair.bytes(2));
            }
            return new Encrypted(answer.bytes(1), answer.text(2), annotations);
        } catch (GeneralSecurityException e) {
            throw new IOException("the key service's answer cannot be read", e);
        }
    }

    @Override
    public byte[] decrypt(EncryptedObject object) throws IOException {
        var request = new ByteArrayOutputStream();
        ProtoFields.bytes(request, 1, object.source());
        ProtoFields.bytes(request, 2, Bytes.of(UUID.randomUUID().toString()));
        ProtoFields.bytes(request, 3, Bytes.of(object.keyId()));
        new TreeMap<>(object.annotations()).forEach((name, value) -> {
            var entry = new ByteArrayOutputStream();
            ProtoFields.bytes(entry, 1, Bytes.of(name));
            ProtoFields.bytes(entry, 2, value);
            ProtoFields.bytes(request, 4, entry.toByteArray());
        });
        try {
            return ProtoFields.read(grpc.call(METHOD + "Decrypt", request.toByteArray(), timeout))
                    .bytes(1);
        } catch (GeneralSecurityException e) {
            throw new IOException("the key service's answer cannot be read", e);
        }
    }

    @Override
    public void close() {
        grpc.close();
    }
}
