package io.pilothouse.worker.aws;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The token with which an IAM identity shows itself to a cluster, as {@code aws eks get-token} makes it: a presigned GetCallerIdentity
 * (Signature Version 4, query parameters) whose signature covers the cluster's name, in URL-safe base64 behind {@code k8s-aws-v1.}.
 */
public final class ClusterToken {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private ClusterToken() {}

    /** STS's address: AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL, or the region's. */
    public static URI stsEndpoint(Map<String, String> environment, String region) {
        String named =
                environment.getOrDefault("AWS_ENDPOINT_URL_STS", environment.getOrDefault("AWS_ENDPOINT_URL", ""));
        return URI.create(
                named.isEmpty()
                        ? "https://sts." + region + (region.startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com")
                        : named);
    }

    /** A token; clusters take it for 15 minutes. */
    public static String create(String cluster, String region, AwsCredentials credentials, URI sts, Instant now) {
        String time = TIME.format(now);
        String date = time.substring(0, 8);
        String scope = date + "/" + region + "/sts/aws4_request";
        Map<String, String> query = new TreeMap<>();
        query.put("Action", "GetCallerIdentity");
        query.put("Version", "2011-06-15");
        query.put("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
        query.put("X-Amz-Credential", credentials.accessKeyId() + "/" + scope);
        query.put("X-Amz-Date", time);
        query.put("X-Amz-Expires", "60");
        query.put("X-Amz-SignedHeaders", "host;x-k8s-aws-id");
        if (!credentials.sessionToken().isEmpty()) {
            query.put("X-Amz-Security-Token", credentials.sessionToken());
        }
        String text = query.entrySet().stream()
                .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                .collect(Collectors.joining("&"));
        String request = String.join(
                "\n",
                "GET",
                "/",
                text,
                "host:" + sts.getRawAuthority(),
                "x-k8s-aws-id:" + cluster,
                "",
                "host;x-k8s-aws-id",
                EMPTY_HASH);
        String toSign = String.join(
                "\n", "AWS4-HMAC-SHA256", time, scope, HexFormat.of().formatHex(hash(request)));
        byte[] key = ("AWS4" + credentials.secretAccessKey()).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {date, region, "sts", "aws4_request", toSign}) {
            key = hmac(key, part);
        }
        String url = sts.getScheme() + "://" + sts.getRawAuthority() + "/?" + text + "&X-Amz-Signature="
                + HexFormat.of().formatHex(key);
        return "k8s-aws-v1."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(url.getBytes(StandardCharsets.UTF_8));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
