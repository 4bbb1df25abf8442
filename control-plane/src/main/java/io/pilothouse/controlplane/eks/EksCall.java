package io.pilothouse.controlplane.eks;

import io.pilothouse.cloud.protocol.CallerIdentity;
import io.pilothouse.cloud.protocol.UriCodec;
import io.pilothouse.cloud.sigv4.SigV4;
import io.pilothouse.controlplane.eks.ClusterRecord.Idempotency;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * A request on its way into an operation.
 *
 * @param path the decoded variables of the URI template
 */
public record EksCall(Map<String, String> path, List<UriCodec.Pair> query, Fields body, CallerIdentity caller) {
    /** A variable of the path. */
    public String path(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no variable " + name + " in the operation's path");
        }
        return value;
    }

    /** A query parameter. */
    public Optional<String> query(String name) {
        return query.stream()
                .filter(p -> p.name().equals(name))
                .map(UriCodec.Pair::value)
                .findFirst();
    }

    /** All values of a query parameter. */
    public List<String> queries(String name) {
        return query.stream()
                .filter(p -> p.name().equals(name))
                .map(UriCodec.Pair::value)
                .toList();
    }

    /** The request's token, or a new one, with a hash of what it asks for. */
    public Idempotency idempotency() {
        String token = body.text("clientRequestToken")
                .orElseGet(() -> UUID.randomUUID().toString());
        if (token.length() > 64) {
            throw EksException.invalidParameter("clientRequestToken must have 64 characters at most.");
        }
        return new Idempotency(token, SigV4.hash((path + body.fingerprint()).getBytes(StandardCharsets.UTF_8)));
    }

    /** A page of a list, and the token for the next one. */
    public record Page<T>(List<T> items, Optional<String> nextToken) {}

    /**
     * The page that maxResults and nextToken want.
     *
     * @param all in a stable order
     * @param key by which the order is; the token holds the last one given
     */
    public <T> Page<T> page(List<T> all, Function<T, String> key) {
        int max = 100;
        try {
            max = query("maxResults").map(Integer::parseInt).orElse(max);
        } catch (NumberFormatException e) {
            max = 0;
        }
        if (max < 1 || max > 100) {
            throw EksException.invalidParameter("maxResults needs to be between 1 and 100.");
        }
        String after = query("nextToken").map(EksCall::decode).orElse("");
        List<T> rest = new ArrayList<>(
                all.stream().filter(t -> key.apply(t).compareTo(after) > 0).toList());
        rest.sort(java.util.Comparator.comparing(key));
        if (rest.size() <= max) {
            return new Page<>(rest, Optional.empty());
        }
        List<T> items = rest.subList(0, max);
        byte[] last = key.apply(items.getLast()).getBytes(StandardCharsets.UTF_8);
        return new Page<>(items, Optional.of(Base64.getUrlEncoder().encodeToString(last)));
    }

    private static String decode(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw EksException.invalidParameter("The nextToken is not one of ours.");
        }
    }
}
