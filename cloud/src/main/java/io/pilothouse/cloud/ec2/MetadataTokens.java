package io.pilothouse.cloud.ec2;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The session tokens of IMDSv2: good for one instance until they end, for every process with the same key. */
final class MetadataTokens {
    private final SecretKeySpec key;
    private final Clock clock;

    MetadataTokens(byte[] secret, Clock clock) {
        this.key = new SecretKeySpec(secret, "HmacSHA256");
        this.clock = clock;
    }

    String issue(String instanceId, int seconds) {
        return sign(instanceId, clock.millis() + seconds * 1000L);
    }

    boolean accepts(String instanceId, String token) {
        int dot = token.indexOf('.');
        if (dot < 1) {
            return false;
        }
        try {
            long until = Long.parseLong(token.substring(0, dot), 36);
            return until > clock.millis()
                    && MessageDigest.isEqual(
                            sign(instanceId, until).getBytes(StandardCharsets.UTF_8),
                            token.getBytes(StandardCharsets.UTF_8));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private String sign(String instanceId, long until) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            byte[] signature = mac.doFinal((instanceId + " " + until).getBytes(StandardCharsets.UTF_8));
            return Long.toString(until, 36) + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
