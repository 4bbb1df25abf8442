package io.pilothouse.cloud.s3;

import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.AwsResponse;
import io.pilothouse.cloud.protocol.Json;
import io.pilothouse.cloud.protocol.XmlWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Multipart uploads: a folder with a file for each part until the upload is completed or aborted. */
final class MultipartActions {
    private static final Pattern PART = Pattern.compile("<Part>(.*?)</Part>", Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("<PartNumber>\\s*(\\d{1,5})\\s*</PartNumber>");
    private static final Pattern ETAG = Pattern.compile("<ETag>(.*?)</ETag>", Pattern.DOTALL);
    private static final int MAX_BODY = 4 << 20;
    private static final long MIN_PART = 5 << 20;
    private final ObjectStore store;

    MultipartActions(ObjectStore store) {
        this.store = store;
    }

    /** An upload under way. */
    record Upload(String key, Map<String, String> headers, long startedMillis) {}

    /** A part that has arrived. */
    record Part(int number, String etag, long size, long modifiedMillis) {}

    AwsResponse begin(S3Call s3) throws IOException {
        store.requireBucket(s3.bucket());
        String id = UUID.randomUUID().toString();
        Path folder = Files.createDirectories(
                store.bucket(s3.bucket()).resolve("uploads").resolve(id));
        ObjectStore.write(
                folder.resolve("upload.json"), Json.bytes(new Upload(s3.key(), ObjectActions.kept(s3), store.now())));
        return BucketActions.xml(new XmlWriter()
                .open("InitiateMultipartUploadResult", BucketActions.NAMESPACE)
                .text("Bucket", s3.bucket())
                .text("Key", s3.key())
                .text("UploadId", id)
                .close());
    }

    private Path folder(S3Call s3) {
        store.requireBucket(s3.bucket());
        String id = s3.param("uploadId").orElse("");
        Path folder = store.bucket(s3.bucket()).resolve("uploads").resolve(id);
        if (!id.matches("[0-9a-f-]{36}") || !Files.exists(folder.resolve("upload.json"))) {
            throw new AwsException(
                    404,
                    "NoSuchUpload",
                    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.");
        }
        return folder;
    }

    AwsResponse putPart(S3Call s3) throws IOException {
        Path folder = folder(s3);
        int number = s3.number("partNumber", 0);
        if (number < 1 || number > 10000) {
            throw new AwsException(
                    400, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
        }
        if (s3.header("x-amz-copy-source").isPresent()) {
            throw new AwsException(501, "NotImplemented", "UploadPartCopy is not implemented");
        }
        Path file = folder.resolve("content-" + UUID.randomUUID());
        Receiver.Received received = Receiver.receive(s3, file);
        Files.move(
                file,
                folder.resolve("part-" + number),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        ObjectStore.write(
                folder.resolve("part-" + number + ".json"),
                Json.bytes(new Part(number, received.md5Hex(), received.size(), store.now())));
        Map<String, String> answer = new TreeMap<>(received.checksums());
        answer.put("etag", "\"" + received.md5Hex() + "\"");
        return AwsResponse.empty(200, answer);
    }

    private static List<Part> parts(Path folder) throws IOException {
        List<Part> parts = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.getFileName().toString().matches("part-\\d+\\.json"))
                    .toList()) {
                parts.add(Json.read(Files.readAllBytes(file), Part.class));
            }
        }
        parts.sort(Comparator.comparingInt(Part::number));
        return parts;
    }

    AwsResponse listParts(S3Call s3) throws IOException {
        List<Part> parts = parts(folder(s3));
        XmlWriter out = new XmlWriter()
                .open("ListPartsResult", BucketActions.NAMESPACE)
                .text("Bucket", s3.bucket())
                .text("Key", s3.key())
                .text("UploadId", s3.param("uploadId").orElse(""))
                .text("MaxParts", 10000)
                .text("IsTruncated", false);
        parts.forEach(p -> out.open("Part")
                .text("PartNumber", p.number())
                .time("LastModified", p.modifiedMillis())
                .text("ETag", "\"" + p.etag() + "\"")
                .text("Size", p.size())
                .close());
        return BucketActions.xml(out.close());
    }

    AwsResponse listUploads(S3Call s3) throws IOException {
        store.requireBucket(s3.bucket());
        XmlWriter out = new XmlWriter()
                .open("ListMultipartUploadsResult", BucketActions.NAMESPACE)
                .text("Bucket", s3.bucket())
                .text("IsTruncated", false);
        try (Stream<Path> folders = Files.list(store.bucket(s3.bucket()).resolve("uploads"))) {
            for (Path folder : folders.sorted().toList()) {
                Upload upload = Json.read(Files.readAllBytes(folder.resolve("upload.json")), Upload.class);
                out.open("Upload")
                        .text("Key", upload.key())
                        .text("UploadId", folder.getFileName())
                        .time("Initiated", upload.startedMillis())
                        .close();
            }
        }
        return BucketActions.xml(out.close());
    }

    AwsResponse complete(S3Call s3) throws IOException {
        Path folder = folder(s3);
        Upload upload = Json.read(Files.readAllBytes(folder.resolve("upload.json")), Upload.class);
        List<Part> chosen =
                chosen(new String(s3.request().body().bytes(MAX_BODY), StandardCharsets.UTF_8), parts(folder));
        MessageDigest md5 = Digests.digest("MD5");
        chosen.forEach(p -> md5.update(HexFormat.of().parseHex(p.etag())));
        Path file = store.newContent(s3.bucket());
        try (OutputStream out = Files.newOutputStream(file)) {
            for (Part part : chosen) {
                Files.copy(folder.resolve("part-" + part.number()), out);
            }
        }
        ObjectStore.force(file);
        StoredObject object = new StoredObject(
                upload.key(),
                file.getFileName().toString(),
                chosen.stream().mapToLong(Part::size).sum(),
                HexFormat.of().formatHex(md5.digest()) + "-" + chosen.size(),
                store.now(),
                upload.headers());
        store.locked(s3.bucket(), s3.key(), () -> {
            try {
                Conditionals.beforeWrite(s3, store.find(s3.bucket(), s3.key()));
                store.commit(s3.bucket(), object);
                return object;
            } catch (AwsException e) {
                Files.deleteIfExists(file);
                throw e;
            }
        });
        remove(folder);
        return BucketActions.xml(new XmlWriter()
                .open("CompleteMultipartUploadResult", BucketActions.NAMESPACE)
                .text("Location", "/" + s3.bucket() + "/" + s3.key())
                .text("Bucket", s3.bucket())
                .text("Key", s3.key())
                .text("ETag", "\"" + object.etag() + "\"")
                .close());
    }

    private static List<Part> chosen(String body, List<Part> present) {
        List<Part> chosen = new ArrayList<>();
        Matcher m = PART.matcher(body);
        while (m.find()) {
            Matcher number = NUMBER.matcher(m.group(1));
            Matcher etag = ETAG.matcher(m.group(1));
            if (!number.find() || !etag.find()) {
                throw new AwsException(400, "MalformedXML", "The XML you provided was not well-formed");
            }
            int wanted = Integer.parseInt(number.group(1));
            String tag = ObjectActions.unescape(etag.group(1)).replace("\"", "").strip();
            if (!chosen.isEmpty() && chosen.getLast().number() >= wanted) {
                throw new AwsException(400, "InvalidPartOrder", "The list of parts was not in ascending order.");
            }
            chosen.add(present.stream()
                    .filter(p -> p.number() == wanted && p.etag().equals(tag))
                    .findFirst()
                    .orElseThrow(() -> new AwsException(
                            400, "InvalidPart", "One or more of the specified parts could not be found.")));
        }
        if (chosen.isEmpty()) {
            throw new AwsException(400, "MalformedXML", "The XML you provided was not well-formed");
        }
        if (chosen.subList(0, chosen.size() - 1).stream().anyMatch(p -> p.size() < MIN_PART)) {
            throw new AwsException(
                    400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
        }
        return chosen;
    }

    AwsResponse abort(S3Call s3) throws IOException {
        remove(folder(s3));
        return AwsResponse.empty(204, Map.of());
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
