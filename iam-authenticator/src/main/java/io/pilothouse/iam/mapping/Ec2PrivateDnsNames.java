package io.pilothouse.iam.mapping;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Asks EC2 (DescribeInstances, signed with Signature Version 4) and remembers the answers, which never change. Safe for many threads. */
public final class Ec2PrivateDnsNames implements PrivateDnsNames {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern NAME = Pattern.compile("<privateDnsName>([^<]+)</privateDnsName>");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_NAMES = 10_000;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final URI endpoint;
    private final String region;
    private final String accessKeyId;
    private final String secret;
    private final Clock clock;
    private final Map<String, String> known = new ConcurrentHashMap<>();

    /** Asks that endpoint with lasting credentials that may do ec2:DescribeInstances. */
    public Ec2PrivateDnsNames(URI endpoint, String region, String accessKeyId, String secret, Clock clock) {
        this.endpoint = endpoint;
        this.region = region;
        this.accessKeyId = accessKeyId;
        this.secret = secret;
        this.clock = clock;
    }

    @Override
    public Optional<String> find(String instanceId) throws IOException {
        String name = known.get(instanceId);
        if (name != null) {
            return Optional.of(name);
        }
        HttpResponse<String> answer =
                ask("Action=DescribeInstances&InstanceId.1=" + instanceId + "&Version=2016-11-15");
        if (answer.statusCode() == 400 && answer.body().contains("InvalidInstanceID")) {
            return Optional.empty();
        }
        if (answer.statusCode() != 200) {
            throw new IOException("DescribeInstances answered " + answer.statusCode());
        }
        Matcher m = NAME.matcher(answer.body());
        if (!m.find()) {
            return Optional.empty();
        }
        if (known.size() < MAX_NAMES) {
            known.put(instanceId, m.group(1));
        }
        return Optional.of(m.group(1));
    }

    private HttpResponse<String> ask(String query) throws IOException {
        String stamp = STAMP.format(clock.instant());
        String scope = stamp.substring(0, 8) + "/" + region + "/ec2/aws4_request";
        String canonical = "GET\n/\n" + query + "\nhost:" + endpoint.getAuthority() + "\nx-amz-date:" + stamp
                + "\n\nhost;x-amz-date\n" + sha256("");
        byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        String signature = HexFormat.of()
                .formatHex(hmac(key, "AWS4-HMAC-SHA256\n" + stamp + "\n" + scope + "\n" + sha256(canonical)));
        HttpRequest request = HttpRequest.newBuilder(endpoint.resolve("/?" + query))
                .timeout(TIMEOUT)
                .header("x-amz-date", stamp)
                .header(
                        "authorization",
                        "AWS4-HMAC-SHA256 Credential=" + accessKeyId + "/" + scope
                                + ", SignedHeaders=host;x-amz-date, Signature=" + signature)
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
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
