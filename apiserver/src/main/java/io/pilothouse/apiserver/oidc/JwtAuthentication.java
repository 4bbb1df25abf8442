package io.pilothouse.apiserver.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.authn.Authenticator;
import io.pilothouse.apiserver.authn.Credentials;
import io.pilothouse.apiserver.authn.InvalidCredentialException;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.field.FieldError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Believes the issuers of an AuthenticationConfiguration. One that was read from a file is read anew when that changes; a change that is not
 * valid, or whose issuers cannot be reached, is logged and not taken over. Safe for use by many threads.
 */
public final class JwtAuthentication implements Authenticator, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JwtAuthentication.class);

    /** How long new issuers have until they must be reached. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    private static final Duration POLL = Duration.ofMillis(100);

    /**
     * What does not change.
     *
     * @param disallowed issuers that are this server's own
     * @param algorithms of signatures that are believed
     */
    public record Terms(List<String> disallowed, List<String> algorithms, Clock clock) {}

    private final Terms terms;
    private final Optional<AnonymousAccess> anonymous;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile List<JwtAuthenticator> authenticators;
    private byte @Nullable [] read;

    private JwtAuthentication(Terms terms, JsonNode config) throws IOException {
        this.terms = terms;
        this.authenticators = checked(config);
        this.anonymous = AnonymousAccess.of(config);
    }

    /**
     * Believes the issuers of a configuration that was made of flags.
     *
     * @throws IllegalArgumentException saying all that is wrong with it
     */
    public static JwtAuthentication of(JsonNode config, Terms terms) throws IOException {
        return new JwtAuthentication(terms, config);
    }

    /**
     * Reads the file and follows it.
     *
     * @param every how often it is looked at again
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException saying all that is wrong with it
     */
    public static JwtAuthentication follow(Path file, Duration every, Terms terms) throws IOException {
        byte[] text = Files.readAllBytes(file);
        var started = new JwtAuthentication(terms, ConfigurationFile.parse(text));
        started.read = text;
        Thread.ofVirtual().name("authentication-config").start(() -> started.follow(file, every));
        return started;
    }

    /** Who may ask without a credential, if the configuration says. */
    public Optional<AnonymousAccess> anonymous() {
        return anonymous;
    }

    private List<JwtAuthenticator> checked(JsonNode config) throws IOException {
        var errors = JwtValidation.check(config, terms.disallowed());
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException("invalid authentication configuration: " + FieldError.aggregate(errors));
        }
        var out = new ArrayList<JwtAuthenticator>();
        for (var entry : config.path("jwt")) {
            out.add(new JwtAuthenticator(entry, terms.algorithms(), terms.clock()));
        }
        return List.copyOf(out);
    }

    private void follow(Path file, Duration every) {
        try {
            while (!ended.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    reload(file);
                } catch (IOException | IllegalArgumentException e) {
                    LOG.atError()
                            .addKeyValue("reason", e.getMessage())
                            .log("the changed authentication configuration is not taken over");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reload(Path file) throws IOException, InterruptedException {
        byte[] now = Files.readAllBytes(file);
        if (Arrays.equals(now, read)) {
            return;
        }
        read = now;
        var config = ConfigurationFile.parse(now);
        if (!AnonymousAccess.of(config).equals(anonymous)) {
            throw new IllegalArgumentException("anonymous: Forbidden: changed from initial configuration file");
        }
        var fresh = checked(config);
        if (!ready(fresh)) {
            fresh.forEach(JwtAuthenticator::close);
            read = null; // the issuers may be there the next time
            throw new IOException("its issuers are not all there");
        }
        var old = authenticators;
        authenticators = fresh;
        old.forEach(JwtAuthenticator::close);
        LOG.info("a changed authentication configuration was taken over");
    }

    private boolean ready(List<JwtAuthenticator> fresh) throws InterruptedException {
        long until = System.nanoTime() + GRACE.toNanos();
        while (fresh.stream().anyMatch(a -> !a.problem().isEmpty())) {
            if (System.nanoTime() > until || ended.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Optional<UserInfo> authenticate(Credentials credentials) throws InvalidCredentialException {
        for (var authenticator : authenticators) {
            var user = authenticator.authenticate(credentials);
            if (user.isPresent()) {
                return user;
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        ended.countDown();
        authenticators.forEach(JwtAuthenticator::close);
    }
}
