package io.pilothouse.controllers.identity;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.concurrent.CompletableFuture;

/** Puts an account's token on requests, and a new one where the server refused it. */
final class BearerTokens implements Interceptor {
    private static final String AUTHORIZATION = "Authorization";
    private static final String SCHEME = "Bearer ";
    private static final int UNAUTHORIZED = 401;

    private final AccountTokens tokens;

    BearerTokens(AccountTokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public void before(BasicBuilder request, HttpRequest original, RequestTags tags) {
        request.setHeader(AUTHORIZATION, SCHEME + tokens.token());
    }

    @Override
    public CompletableFuture<Boolean> afterFailure(BasicBuilder request, HttpResponse<?> response, RequestTags tags) {
        String used = response.request().header(AUTHORIZATION);
        if (response.code() != UNAUTHORIZED || used == null || !used.startsWith(SCHEME)) {
            return CompletableFuture.completedFuture(false);
        }
        tokens.refused(used.substring(SCHEME.length()));
        request.setHeader(AUTHORIZATION, SCHEME + tokens.token());
        return CompletableFuture.completedFuture(true);
    }
}
