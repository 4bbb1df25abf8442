package io.pilothouse.cloud.sigv4;

import io.pilothouse.cloud.protocol.AwsRequest;
import io.pilothouse.cloud.protocol.UriCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The canonical form of a request that both sides hash. */
final class CanonicalRequest {
    private CanonicalRequest() {}

    /** Hash of the canonical request, as the string to sign has it. */
    static String hash(AwsRequest request, RequestSignature signature, String payloadHash) {
        return SigV4.hash(text(request, signature, payloadHash).getBytes(StandardCharsets.UTF_8));
    }

    static String text(AwsRequest request, RequestSignature signature, String payloadHash) {
        StringBuilder out = new StringBuilder(512);
        out.append(request.method()).append('\n');
        out.append(path(request.rawPath(), signature.scope().service().equals("s3")))
                .append('\n');
        out.append(query(request.rawQuery())).append('\n');
        for (String name : signature.signedHeaders()) {
            out.append(name).append(':').append(header(request, name)).append('\n');
        }
        out.append('\n')
                .append(String.join(";", signature.signedHeaders()))
                .append('\n')
                .append(payloadHash);
        return out.toString();
    }

    /** S3 signs the path encoded once and as it is; every other service signs it normalized and encoded twice. */
    private static String path(String rawPath, boolean s3) {
        if (s3) {
            return rawPath.isEmpty() ? "/" : UriCodec.encode(UriCodec.decode(rawPath, false), true);
        }
        Deque<String> kept = new ArrayDeque<>();
        for (String segment : rawPath.split("/", -1)) {
            if (segment.equals("..")) {
                kept.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                kept.addLast(segment);
            }
        }
        String normal = "/" + String.join("/", kept) + (rawPath.endsWith("/") && !kept.isEmpty() ? "/" : "");
        return UriCodec.encode(normal, true);
    }

    /** Names and values encoded strictly and sorted; the signature itself is left out. */
    private static String query(String rawQuery) {
        List<String> parts = new ArrayList<>();
        for (String part : rawQuery.split("&", -1)) {
            if (!part.isEmpty()) {
                int eq = part.indexOf('=');
                String name = UriCodec.decode(eq < 0 ? part : part.substring(0, eq), true);
                String value = eq < 0 ? "" : UriCodec.decode(part.substring(eq + 1), true);
                if (!name.equals("X-Amz-Signature")) {
                    parts.add(UriCodec.encode(name, false) + "=" + UriCodec.encode(value, false));
                }
            }
        }
        // '=' sorts after some characters a name may hold, so compare names first.
        parts.sort((a, b) -> {
            int names = a.substring(0, a.indexOf('=')).compareTo(b.substring(0, b.indexOf('=')));
            return names != 0 ? names : a.compareTo(b);
        });
        return String.join("&", parts);
    }

    private static String header(AwsRequest request, String name) {
        List<String> values = request.headers().get(name);
        if (values == null) {
            return "";
        }
        return String.join(
                ",", values.stream().map(v -> v.strip().replaceAll(" +", " ")).toList());
    }
}
