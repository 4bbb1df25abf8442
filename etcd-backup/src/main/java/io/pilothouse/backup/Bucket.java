package io.pilothouse.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket of an S3-compatible store. Safe for many threads. Errors of the store are SdkExceptions. */
public final class Bucket implements AutoCloseable {
    private final S3Client client;
    private final String name;

    private Bucket(S3Client client, String name) {
        this.client = client;
        this.name = name;
    }

    /** Amazon's own S3, with the credentials of the environment. */
    public static Bucket amazon(String region, String name) {
        return new Bucket(
                builder(region, DefaultCredentialsProvider.builder().build()).build(), name);
    }

    /** An S3-compatible store at an endpoint. */
    public static Bucket at(URI endpoint, String region, String name, String accessKeyId, String secretAccessKey) {
        AwsCredentialsProvider credentials =
                StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKeyId, secretAccessKey));
        return new Bucket(
                builder(region, credentials)
                        .endpointOverride(endpoint)
                        .forcePathStyle(true)
                        .build(),
                name);
    }

    /** An S3-compatible store at an endpoint, with the credentials of the environment. */
    public static Bucket at(URI endpoint, String region, String name) {
        return new Bucket(
                builder(region, DefaultCredentialsProvider.builder().build())
                        .endpointOverride(endpoint)
                        .forcePathStyle(true)
                        .build(),
                name);
    }

    private static S3ClientBuilder builder(String region, AwsCredentialsProvider credentials) {
        return S3Client.builder()
                .region(Region.of(region))
                .credentialsProvider(credentials)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .httpClientBuilder(UrlConnectionHttpClient.builder());
    }

    void put(String key, Path file) {
        try {
            client.putObject(r -> r.bucket(name).key(key), RequestBody.fromFile(file));
        } catch (S3Exception e) {
            // Not every store says NoSuchBucket to a request whose body it did not read.
            requireNotFound(e);
            create();
            client.putObject(r -> r.bucket(name).key(key), RequestBody.fromFile(file));
        }
    }

    private static void requireNotFound(S3Exception e) {
        if (e.statusCode() != 404) {
            throw e;
        }
    }

    private void create() {
        try {
            client.createBucket(r -> r.bucket(name));
        } catch (BucketAlreadyOwnedByYouException e) {
            // Someone was faster.
        }
    }

    void put(String key, byte[] content) {
        client.putObject(r -> r.bucket(name).key(key), RequestBody.fromBytes(content));
    }

    Optional<byte[]> find(String key) {
        try {
            return Optional.of(
                    client.getObjectAsBytes(r -> r.bucket(name).key(key)).asByteArray());
        } catch (S3Exception e) {
            requireNotFound(e);
            return Optional.empty();
        }
    }

    /** Fetches an object into a file that must not be there. */
    void fetch(String key, Path file) throws IOException {
        try (var in = client.getObject(r -> r.bucket(name).key(key))) {
            Files.copy(in, file);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    List<String> list(String prefix) {
        List<String> keys = new ArrayList<>();
        try {
            client.listObjectsV2Paginator(r -> r.bucket(name).prefix(prefix)).contents().stream()
                    .map(S3Object::key)
                    .forEach(keys::add);
        } catch (S3Exception e) {
            requireNotFound(e);
            return List.of();
        }
        return keys;
    }

    void remove(String key) {
        client.deleteObject(r -> r.bucket(name).key(key));
    }

    @Override
    public void close() {
        client.close();
    }
}
