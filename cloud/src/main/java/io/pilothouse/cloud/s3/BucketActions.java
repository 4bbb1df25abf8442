package io.pilothouse.cloud.s3;

import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.AwsResponse;
import io.pilothouse.cloud.protocol.CallerIdentity;
import io.pilothouse.cloud.protocol.UriCodec;
import io.pilothouse.cloud.protocol.XmlWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Buckets and their listings. */
final class BucketActions {
    static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final int MAX_KEYS = 1000;
    private final ObjectStore store;
    private final String region;

    BucketActions(ObjectStore store, String region) {
        this.store = store;
        this.region = region;
    }

    static AwsResponse xml(XmlWriter out) {
        return AwsResponse.text(200, "application/xml", out.document());
    }

    AwsResponse list(CallerIdentity caller) throws IOException {
        XmlWriter out = new XmlWriter()
                .open("ListAllMyBucketsResult", NAMESPACE)
                .open("Owner")
                .text("ID", caller.accountId())
                .close();
        out.list(
                "Buckets",
                "Bucket",
                store.buckets(),
                b -> out.text("Name", b.name()).time("CreationDate", b.createdMillis()));
        return xml(out.close());
    }

    AwsResponse create(S3Call s3) throws IOException {
        if (!NAME.matcher(s3.bucket()).matches()) {
            throw new AwsException(400, "InvalidBucketName", "The specified bucket is not valid.");
        }
        if (!store.createBucket(s3.bucket())) {
            throw new AwsException(
                    409,
                    "BucketAlreadyOwnedByYou",
                    "Your previous request to create the named bucket succeeded and you already own it.");
        }
        return AwsResponse.empty(200, Map.of("location", "/" + s3.bucket()));
    }

    AwsResponse delete(S3Call s3) throws IOException {
        store.deleteBucket(s3.bucket());
        return AwsResponse.empty(204, Map.of());
    }

    AwsResponse head(S3Call s3) {
        if (!store.exists(s3.bucket())) {
            return AwsResponse.empty(404, Map.of());
        }
        return AwsResponse.empty(200, Map.of("x-amz-bucket-region", region));
    }

    AwsResponse location(S3Call s3) {
        store.requireBucket(s3.bucket());
        return AwsResponse.text(
                200,
                "application/xml",
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LocationConstraint xmlns=\"" + NAMESPACE + "\">" + region
                        + "</LocationConstraint>");
    }

    AwsResponse versioning(S3Call s3) {
        store.requireBucket(s3.bucket());
        return xml(new XmlWriter().open("VersioningConfiguration", NAMESPACE).close());
    }

    /** ListObjects and ListObjectsV2. */
    AwsResponse listObjects(S3Call s3) throws IOException {
        boolean v2 = s3.param("list-type").orElse("").equals("2");
        String prefix = s3.param("prefix").orElse("");
        String delimiter = s3.param("delimiter").orElse("");
        int max = Math.min(MAX_KEYS, s3.number("max-keys", MAX_KEYS));
        String after = v2
                ? s3.param("continuation-token")
                        .map(BucketActions::decodeToken)
                        .or(() -> s3.param("start-after"))
                        .orElse("")
                : s3.param("marker").orElse("");
        List<StoredObject> contents = new ArrayList<>();
        TreeSet<String> prefixes = new TreeSet<>(StoredObject.KEY_ORDER);
        String last = "";
        boolean more = false;
        for (StoredObject object : store.list(s3.bucket(), prefix)) {
            int at = delimiter.isEmpty() ? -1 : object.key().indexOf(delimiter, prefix.length());
            String name = at < 0 ? object.key() : object.key().substring(0, at + delimiter.length());
            boolean old = StoredObject.KEY_ORDER.compare(name, after) <= 0 || (at >= 0 && prefixes.contains(name));
            if (!old && contents.size() + prefixes.size() >= max) {
                more = true;
                break;
            }
            if (!old) {
                last = name;
                if (at < 0) {
                    contents.add(object);
                } else {
                    prefixes.add(name);
                }
            }
        }
        boolean url = s3.param("encoding-type").orElse("").equals("url");
        XmlWriter out = new XmlWriter()
                .open("ListBucketResult", NAMESPACE)
                .text("Name", s3.bucket())
                .text("Prefix", text(prefix, url))
                .text("Delimiter", delimiter.isEmpty() ? null : text(delimiter, url))
                .text("MaxKeys", max)
                .text("EncodingType", url ? "url" : null)
                .text("IsTruncated", more);
        if (v2) {
            out.text("KeyCount", contents.size() + prefixes.size())
                    .text("NextContinuationToken", more ? encodeToken(last) : null)
                    .text("ContinuationToken", s3.param("continuation-token").orElse(null));
        } else {
            out.text("Marker", text(after, url)).text("NextMarker", more ? text(last, url) : null);
        }
        contents.forEach(o -> out.open("Contents")
                .text("Key", text(o.key(), url))
                .time("LastModified", o.modifiedMillis())
                .text("ETag", "\"" + o.etag() + "\"")
                .text("Size", o.size())
                .text("StorageClass", "STANDARD")
                .close());
        prefixes.forEach(
                p -> out.open("CommonPrefixes").text("Prefix", text(p, url)).close());
        return xml(out.close());
    }

    private static String text(String value, boolean url) {
        return url ? UriCodec.encode(value, true) : value;
    }

    private static String encodeToken(String key) {
        return Base64.getUrlEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String decodeToken(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new AwsException(400, "InvalidArgument", "The continuation token provided is incorrect", e);
        }
    }
}
