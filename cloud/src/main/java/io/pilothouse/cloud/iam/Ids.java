package io.pilothouse.cloud.iam;

import java.util.Base64;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Random identifiers in the shapes that AWS gives them. The generator must be cryptographically strong. */
public final class Ids {
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private final RandomGenerator random;

    /** Ids from that source of randomness. */
    public Ids(RandomGenerator random) {
        this.random = random;
    }

    /** A prefix and random letters and digits, as for AKIA…, AROA…, AIDA…. */
    public String upper(String prefix, int length) {
        StringBuilder out = new StringBuilder(prefix);
        for (int i = 0; i < length; i++) {
            out.append(UPPER.charAt(random.nextInt(UPPER.length())));
        }
        return out.toString();
    }

    /** A prefix and 17 hex digits, as for i-…, sg-…. */
    public String resource(String prefix) {
        byte[] bytes = new byte[9];
        random.nextBytes(bytes);
        return prefix + "-" + HexFormat.of().formatHex(bytes).substring(0, 17);
    }

    /** A secret access key: 40 characters, 240 random bits. */
    public String secret() {
        byte[] bytes = new byte[30];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** A session token. */
    public String token() {
        byte[] bytes = new byte[60];
        random.nextBytes(bytes);
        return "IQoJ" + Base64.getEncoder().encodeToString(bytes);
    }
}
