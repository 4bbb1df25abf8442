package io.pilothouse.iam.token;

import io.pilothouse.iam.AuthenticationFailure;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Remembers successful answers a short time, under the hash of the token. Mappings are looked up afresh each time. */
public final class CachingVerifier implements TokenVerifier {
    private static final int MAX_ENTRIES = 4096;
    private final TokenVerifier verifier;
    private final long ttlMillis;
    private final Clock clock;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private record Entry(VerifiedPrincipal principal, long untilMillis) {}

    /** Caches what the verifier found for that long. */
    public CachingVerifier(TokenVerifier verifier, Duration ttl, Clock clock) {
        this.verifier = verifier;
        this.ttlMillis = ttl.toMillis();
        this.clock = clock;
    }

    @Override
    public VerifiedPrincipal verify(PresignedToken token) throws AuthenticationFailure {
        String key = hash(token);
        Optional<VerifiedPrincipal> known = find(key);
        if (known.isPresent()) {
            return known.get();
        }
        VerifiedPrincipal principal = verifier.verify(token);
        put(key, new Entry(principal, Math.min(clock.millis() + ttlMillis, token.expiresMillis())));
        return principal;
    }

    private synchronized Optional<VerifiedPrincipal> find(String key) {
        return Optional.ofNullable(entries.get(key))
                .filter(e -> e.untilMillis() > clock.millis())
                .map(Entry::principal);
    }

    private synchronized void put(String key, Entry entry) {
        entries.values().removeIf(e -> e.untilMillis() <= clock.millis());
        if (entries.size() >= MAX_ENTRIES) {
            entries.remove(entries.keySet().iterator().next());
        }
        entries.put(key, entry);
    }

    private static String hash(PresignedToken token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(token.url().toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
