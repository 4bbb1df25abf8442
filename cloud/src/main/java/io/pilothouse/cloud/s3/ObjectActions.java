package io.pilothouse.cloud.s3;

import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.AwsResponse;
import io.pilothouse.cloud.protocol.UriCodec;
import io.pilothouse.cloud.protocol.XmlWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Objects. */
final class ObjectActions {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");
    private static final Pattern KEY = Pattern.compile("<Key>(.*?)</Key>", Pattern.DOTALL);
    private static final int MAX_DELETE_BODY = 2 << 20;
    private static final List<String> KEPT =
            List.of("content-type", "cache-control", "content-disposition", "content-language", "expires");
    private final ObjectStore store;

    ObjectActions(ObjectStore store) {
        this.store = store;
    }

    static AwsException noSuchKey() {
        return new AwsException(404, "NoSuchKey", "The specified key does not exist.");
    }

    /** The headers of an upload that its object gives back. */
    static Map<String, String> kept(S3Call s3) {
        if (s3.header("x-amz-server-side-encryption").isPresent()
                || s3.header("x-amz-tagging").isPresent()) {
            throw new AwsException(
                    501, "NotImplemented", "Server-side encryption and tags of objects are not implemented");
        }
        Map<String, String> headers = new TreeMap<>();
        headers.put("content-type", "binary/octet-stream");
        s3.request().headers().forEach((name, values) -> {
            if (KEPT.contains(name) || name.startsWith("x-amz-meta-")) {
                headers.put(name, values.getFirst());
            }
        });
        String encoding = s3.header("content-encoding")
                .orElse("")
                .replaceAll("(^|, *)aws-chunked", "")
                .replaceAll("^, *", "");
        if (!encoding.isEmpty()) {
            headers.put("content-encoding", encoding);
        }
        return headers;
    }

    AwsResponse put(S3Call s3) throws IOException {
        if (s3.key().getBytes(StandardCharsets.UTF_8).length > 1024) {
            throw new AwsException(400, "KeyTooLongError", "Your key is too long");
        }
        Path file = store.newContent(s3.bucket());
        Map<String, String> headers = kept(s3);
        Receiver.Received received = Receiver.receive(s3, file);
        headers.putAll(received.checksums());
        StoredObject object = new StoredObject(
                s3.key(), file.getFileName().toString(), received.size(), received.md5Hex(), store.now(), headers);
        commit(s3, file, object);
        Map<String, String> answer = new TreeMap<>(received.checksums());
        answer.put("etag", "\"" + object.etag() + "\"");
        return AwsResponse.empty(200, answer);
    }

    private void commit(S3Call s3, Path file, StoredObject object) throws IOException {
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
    }

    static String copySource(S3Call s3) {
        String source = UriCodec.decode(s3.header("x-amz-copy-source").orElse(""), false);
        String path = source.startsWith("/") ? source.substring(1) : source;
        if (path.indexOf('/') < 1 || path.contains("?versionId=")) {
            throw new AwsException(
                    400,
                    "InvalidArgument",
                    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
        }
        return path;
    }

    AwsResponse copy(S3Call s3) throws IOException {
        String source = copySource(s3);
        int slash = source.indexOf('/');
        String fromBucket = source.substring(0, slash);
        StoredObject from = store.find(fromBucket, source.substring(slash + 1)).orElseThrow(ObjectActions::noSuchKey);
        Path file = store.newContent(s3.bucket());
        Files.copy(store.content(fromBucket, from), file);
        ObjectStore.force(file);
        boolean replace = s3.header("x-amz-metadata-directive").orElse("").equals("REPLACE");
        StoredObject object = new StoredObject(
                s3.key(),
                file.getFileName().toString(),
                from.size(),
                from.etag(),
                store.now(),
                replace ? kept(s3) : from.headers());
        commit(s3, file, object);
        return BucketActions.xml(new XmlWriter()
                .open("CopyObjectResult", BucketActions.NAMESPACE)
                .time("LastModified", object.modifiedMillis())
                .text("ETag", "\"" + object.etag() + "\"")
                .close());
    }

    /** GET and HEAD. */
    AwsResponse get(S3Call s3) throws IOException {
        StoredObject object = store.find(s3.bucket(), s3.key()).orElseThrow(ObjectActions::noSuchKey);
        Map<String, String> headers = new TreeMap<>(object.headers());
        boolean wantsChecksum = s3.header("x-amz-checksum-mode").orElse("").equalsIgnoreCase("ENABLED");
        headers.keySet().removeIf(h -> h.startsWith("x-amz-checksum-") && !wantsChecksum);
        headers.put("etag", "\"" + object.etag() + "\"");
        headers.put("accept-ranges", "bytes");
        headers.put(
                "last-modified",
                DateTimeFormatter.RFC_1123_DATE_TIME
                        .withLocale(Locale.ROOT)
                        .format(Instant.ofEpochMilli(object.modifiedMillis()).atOffset(ZoneOffset.UTC)));
        s3.query().forEach((name, value) -> {
            if (name.startsWith("response-")) {
                headers.put(name.substring(9), value);
            }
        });
        if (Conditionals.notModified(s3, object)) {
            return AwsResponse.empty(304, headers);
        }
        Path file = store.content(s3.bucket(), object);
        Matcher range = RANGE.matcher(s3.header("range").orElse(""));
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return new AwsResponse(200, headers, new FilePayload(file, 0, object.size()));
        }
        long size = object.size();
        long first = range.group(1).isEmpty()
                ? Math.max(0, size - Long.parseLong(range.group(2)))
                : Long.parseLong(range.group(1));
        long last = range.group(1).isEmpty() || range.group(2).isEmpty()
                ? size - 1
                : Math.min(size - 1, Long.parseLong(range.group(2)));
        if (first > last || first >= size) {
            throw new AwsException(416, "InvalidRange", "The requested range is not satisfiable");
        }
        // A checksum is of the whole object and would be wrong for a piece.
        headers.keySet().removeIf(h -> h.startsWith("x-amz-checksum-"));
        headers.put("content-range", "bytes " + first + "-" + last + "/" + size);
        return new AwsResponse(206, headers, new FilePayload(file, first, last - first + 1));
    }

    AwsResponse delete(S3Call s3) throws IOException {
        deleteOne(s3.bucket(), s3.key());
        return AwsResponse.empty(204, Map.of());
    }

    private void deleteOne(String bucket, String key) throws IOException {
        store.requireBucket(bucket);
        store.locked(bucket, key, () -> {
            store.delete(bucket, key);
            return key;
        });
    }

    AwsResponse deleteSeveral(S3Call s3) throws IOException {
        String body = new String(s3.request().body().bytes(MAX_DELETE_BODY), StandardCharsets.UTF_8);
        List<String> keys = new ArrayList<>();
        Matcher m = KEY.matcher(body);
        while (m.find()) {
            keys.add(unescape(m.group(1)));
        }
        if (keys.isEmpty() || keys.size() > 1000 || body.contains("<VersionId>")) {
            throw new AwsException(
                    400,
                    "MalformedXML",
                    "The XML you provided was not well-formed or did not validate against our published schema");
        }
        for (String key : keys) {
            deleteOne(s3.bucket(), key);
        }
        XmlWriter out = new XmlWriter().open("DeleteResult", BucketActions.NAMESPACE);
        if (!body.contains("<Quiet>true</Quiet>")) {
            keys.forEach(k -> out.open("Deleted").text("Key", k).close());
        }
        return BucketActions.xml(out.close());
    }

    /** The text of an XML element's content. */
    static String unescape(String text) {
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&apos;", "'")
                .replace("&#13;", "\r")
                .replace("&amp;", "&");
    }
}
