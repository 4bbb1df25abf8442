package io.pilothouse.cloud.s3;

import io.pilothouse.cloud.protocol.AwsCall;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.AwsRequest;
import io.pilothouse.cloud.protocol.UriCodec;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A request with its bucket and key taken out of path and host; both may be empty. */
record S3Call(AwsRequest request, String bucket, String key, Map<String, String> query) {

    static S3Call of(AwsCall call) {
        AwsRequest request = call.request();
        String path = request.rawPath().startsWith("/") ? request.rawPath().substring(1) : request.rawPath();
        String host = request.host();
        int dot = Math.max(host.indexOf(".s3."), host.indexOf(".s3-"));
        String bucket;
        String key;
        if (dot > 0) {
            bucket = host.substring(0, dot);
            key = UriCodec.decode(path, false);
        } else {
            int slash = path.indexOf('/');
            bucket = UriCodec.decode(slash < 0 ? path : path.substring(0, slash), false);
            key = slash < 0 ? "" : UriCodec.decode(path.substring(slash + 1), false);
        }
        Map<String, String> query = new TreeMap<>();
        request.queryParams().forEach(p -> {
            if (!p.name().startsWith("X-Amz-") && !p.name().equals("x-id")) {
                query.put(p.name(), p.value());
            }
        });
        return new S3Call(request, bucket, key, query);
    }

    Optional<String> header(String name) {
        return request.header(name);
    }

    Optional<String> param(String name) {
        return Optional.ofNullable(query.get(name));
    }

    int number(String name, int otherwise) {
        try {
            return param(name).map(Integer::parseInt).orElse(otherwise);
        } catch (NumberFormatException e) {
            throw new AwsException(400, "InvalidArgument", name + " is not a number", e);
        }
    }
}
