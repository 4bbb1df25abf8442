package io.pilothouse.cloud.s3;

import io.pilothouse.cloud.iam.AccessControl;
import io.pilothouse.cloud.protocol.AwsCall;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.AwsResponse;
import io.pilothouse.cloud.protocol.Protocol;
import io.pilothouse.cloud.protocol.ServiceHandler;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** The S3 API: buckets, objects, listings, multipart uploads. What it does not do (versioning, ACLs, policies…) it refuses. */
public final class S3Service implements ServiceHandler {
    private static final Set<String> LISTING = Set.of(
            "list-type",
            "prefix",
            "delimiter",
            "max-keys",
            "continuation-token",
            "start-after",
            "marker",
            "encoding-type",
            "fetch-owner");
    private final AccessControl access;
    private final BucketActions buckets;
    private final ObjectActions objects;
    private final MultipartActions multipart;

    /** Over an object store. */
    public S3Service(ObjectStore store, AccessControl access, String region) {
        this.access = access;
        buckets = new BucketActions(store, region);
        objects = new ObjectActions(store);
        multipart = new MultipartActions(store);
    }

    @Override
    public String service() {
        return "s3";
    }

    @Override
    public Protocol protocol() {
        return Protocol.S3;
    }

    @Override
    public AwsResponse handle(AwsCall call) throws IOException {
        S3Call s3 = S3Call.of(call);
        AwsResponse response =
                s3.bucket().isEmpty() ? service(call, s3) : s3.key().isEmpty() ? bucket(call, s3) : object(call, s3);
        return response.withHeader("x-amz-request-id", call.requestId());
    }

    private void require(AwsCall call, String action, S3Call s3) {
        String resource = s3.bucket().isEmpty()
                ? "*"
                : "arn:aws:s3:::" + s3.bucket() + (s3.key().isEmpty() ? "" : "/" + s3.key());
        access.require(call.caller(), "s3:" + action, resource, Protocol.S3);
    }

    private AwsResponse service(AwsCall call, S3Call s3) throws IOException {
        if (!s3.request().method().equals("GET")) {
            throw notImplemented(s3);
        }
        require(call, "ListAllMyBuckets", s3);
        return buckets.list(call.caller());
    }

    private AwsResponse bucket(AwsCall call, S3Call s3) throws IOException {
        boolean listing = LISTING.containsAll(s3.query().keySet());
        return switch (s3.request().method()) {
            case "PUT" -> {
                plain(s3);
                require(call, "CreateBucket", s3);
                yield buckets.create(s3);
            }
            case "DELETE" -> {
                plain(s3);
                require(call, "DeleteBucket", s3);
                yield buckets.delete(s3);
            }
            case "HEAD" -> {
                require(call, "ListBucket", s3);
                yield buckets.head(s3);
            }
            case "POST" -> {
                if (!s3.query().containsKey("delete")) {
                    throw notImplemented(s3);
                }
                require(call, "DeleteObject", new S3Call(s3.request(), s3.bucket(), "*", s3.query()));
                yield objects.deleteSeveral(s3);
            }
            case "GET" -> {
                if (s3.query().containsKey("location")) {
                    require(call, "GetBucketLocation", s3);
                    yield buckets.location(s3);
                }
                if (s3.query().containsKey("versioning")) {
                    require(call, "GetBucketVersioning", s3);
                    yield buckets.versioning(s3);
                }
                if (s3.query().containsKey("uploads")) {
                    require(call, "ListBucketMultipartUploads", s3);
                    yield multipart.listUploads(s3);
                }
                if (!listing) {
                    throw notImplemented(s3);
                }
                require(call, "ListBucket", s3);
                yield buckets.listObjects(s3);
            }
            default -> throw notImplemented(s3);
        };
    }

    private AwsResponse object(AwsCall call, S3Call s3) throws IOException {
        boolean part = s3.query().containsKey("uploadId");
        return switch (s3.request().method()) {
            case "PUT" -> {
                require(call, "PutObject", s3);
                if (part) {
                    yield multipart.putPart(s3);
                }
                plain(s3);
                if (s3.header("x-amz-copy-source").isPresent()) {
                    String source = ObjectActions.copySource(s3);
                    int slash = source.indexOf('/');
                    require(
                            call,
                            "GetObject",
                            new S3Call(
                                    s3.request(), source.substring(0, slash), source.substring(slash + 1), Map.of()));
                    yield objects.copy(s3);
                }
                yield objects.put(s3);
            }
            case "POST" -> {
                require(call, "PutObject", s3);
                if (s3.query().containsKey("uploads")) {
                    yield multipart.begin(s3);
                }
                if (!part) {
                    throw notImplemented(s3);
                }
                yield multipart.complete(s3);
            }
            case "GET", "HEAD" -> {
                require(call, "GetObject", s3);
                if (part) {
                    yield multipart.listParts(s3);
                }
                s3.query().keySet().stream()
                        .filter(q -> !q.startsWith("response-"))
                        .findFirst()
                        .ifPresent(q -> {
                            throw notImplemented(s3);
                        });
                yield objects.get(s3);
            }
            case "DELETE" -> {
                require(call, "DeleteObject", s3);
                if (part) {
                    yield multipart.abort(s3);
                }
                plain(s3);
                yield objects.delete(s3);
            }
            default -> throw notImplemented(s3);
        };
    }

    private static void plain(S3Call s3) {
        if (!s3.query().isEmpty()) {
            throw notImplemented(s3);
        }
    }

    private static AwsException notImplemented(S3Call s3) {
        return new AwsException(
                501,
                "NotImplemented",
                "A header or query you provided implies functionality that is not implemented: "
                        + s3.request().method() + " with " + s3.query().keySet());
    }
}
