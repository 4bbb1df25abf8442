package io.pilothouse.apiserver.authn;

import io.pilothouse.apiserver.request.UserInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Static tokens: {@code --token-auth-file}, lines of {@code token,user,uid[,"group1,group2"]}. */
public final class TokenFileAuthenticator implements Authenticator {
    private record Entry(byte[] digest, UserInfo user) {}

    private final List<Entry> entries;

    private TokenFileAuthenticator(List<Entry> entries) {
        this.entries = entries;
    }

    /** @throws IllegalArgumentException naming the line that is wrong */
    public static TokenFileAuthenticator load(Path file) throws IOException {
        var users = new HashMap<String, UserInfo>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            var columns = columns(line);
            if (columns.size() < 3 || columns.getFirst().isEmpty()) {
                throw new IllegalArgumentException(file + " line " + number
                        + ": want token,user,uid and perhaps groups; found " + columns.size() + " columns");
            }
            var groups = columns.size() > 3 && !columns.get(3).isBlank()
                    ? List.of(columns.get(3).trim().split("\\s*,\\s*"))
                    : List.<String>of();
            users.put(columns.get(0), new UserInfo(columns.get(1), columns.get(2), groups, Map.of()));
        }
        var entries = new ArrayList<Entry>();
        users.forEach((token, user) -> entries.add(new Entry(digest(token), user)));
        return new TokenFileAuthenticator(List.copyOf(entries));
    }

    @Override
    public Optional<UserInfo> authenticate(Credentials credentials) {
        if (credentials.bearerToken().isEmpty()) {
            return Optional.empty();
        }
        byte[] given = digest(credentials.bearerToken().get());
        for (var entry : entries) {
            if (MessageDigest.isEqual(entry.digest(), given)) {
                return Optional.of(entry.user().withGroup(UserInfo.ALL_AUTHENTICATED));
            }
        }
        return Optional.empty();
    }

    private static byte[] digest(String token) {
        return Digests.sha256(token.getBytes(StandardCharsets.UTF_8));
    }

    /** Splits a CSV line; only the group column may be quoted. */
    private static List<String> columns(String line) {
        var out = new ArrayList<String>();
        var current = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                out.add(current.toString().trim());
                current.setLength(0);
            } else {
                current.append(c);
            }
        }
        out.add(current.toString().trim());
        return out;
    }
}
