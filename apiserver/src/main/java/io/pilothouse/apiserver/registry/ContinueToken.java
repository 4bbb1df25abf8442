package io.pilothouse.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.status.StatusException;
import java.util.Base64;

/**
 * Where a list goes on: upstream's form, so that a token of one server is good at another.
 *
 * @param revision of the list; -1 for whatever is most recent
 * @param start the first key, after the resource's prefix
 */
record ContinueToken(long revision, String start) {
    private static final String VERSION = "meta.k8s.io/v1";

    /** @throws StatusException 400 for what is no token */
    static ContinueToken parse(String text) {
        byte[] decoded;
        try {
            decoded = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw invalid("illegal base64 data at input byte " + firstIllegal(text));
        }
        JsonNode token;
        try {
            token = Json.tree(decoded);
        } catch (DecodeException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
        String version = token.path("v").asText();
        if (!version.equals(VERSION)) {
            throw invalid("server does not recognize this encoded version " + version);
        }
        long revision = token.path("rv").asLong();
        if (revision == 0) {
            throw invalid("incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
        }
        String start = token.path("start").asText();
        if (start.isEmpty()) {
            throw invalid("encoded start key empty (version meta.k8s.io/v1)");
        }
        if (start.startsWith("/") || start.contains("..")) {
            throw invalid(start);
        }
        return new ContinueToken(revision, start);
    }

    private static int firstIllegal(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(Character.isLetterOrDigit(c) && c < 128) && c != '-' && c != '_') {
                return i;
            }
        }
        return text.length();
    }

    private static StatusException invalid(String why) {
        return StatusException.badRequest("invalid continue token: continue key is not valid: " + why);
    }

    String encode() {
        var node = JsonNodeFactory.instance
                .objectNode()
                .put("v", VERSION)
                .put("rv", revision)
                .put("start", start);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.write(node));
    }
}
