package io.pilothouse.apiserver.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The audit log of a server: a policy that says what is told, and where it goes. Safe for use by many threads. */
public final class Audit implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
    private static final DateTimeFormatter MICRO_TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final UserInfo NOBODY = UserInfo.of("");

    private final AuditPolicy policy;
    private final List<AuditSink> sinks;
    private final boolean strict;
    private final Function<byte[], @Nullable JsonNode> protobuf;
    private final AuditMetrics metrics;

    /**
     * @param strict whether a request fails whose first event cannot be written
     * @param protobuf reads an object of protobuf; null for one of a kind that is not known
     */
    public Audit(
            AuditPolicy policy,
            List<AuditSink> sinks,
            boolean strict,
            Function<byte[], @Nullable JsonNode> protobuf,
            AuditMetrics metrics) {
        this.policy = policy;
        this.sinks = List.copyOf(sinks);
        this.strict = strict;
        this.protobuf = protobuf;
        this.metrics = metrics;
    }

    /** Begins to tell of a request, as far as the policy wants it told. */
    public Optional<AuditTrail> begin(ApiRequest request) {
        var decision = policy.decide(request.user(), request.info());
        metrics.level(decision.level());
        if (decision.level() == Level.NONE) {
            return Optional.empty();
        }
        var trail = new AuditTrail(this, decision, request);
        request.context().observe(trail);
        trail.emit(Stage.REQUEST_RECEIVED);
        return Optional.of(trail);
    }

    /** Tells of a request whose sender could not be told; to be called after its answer. */
    public void unauthenticated(ApiRequest request) {
        var decision = policy.decide(NOBODY, request.info());
        metrics.level(decision.level());
        if (decision.level() != Level.NONE) {
            var trail = new AuditTrail(this, decision, request);
            trail.answered(401);
            trail.unauthenticated();
        }
    }

    /** Tells of a request's end. */
    public void end(AuditTrail trail) {
        trail.emit(Stage.RESPONSE_COMPLETE);
    }

    void write(ObjectNode event) {
        metrics.event();
        for (var sink : sinks) {
            try {
                sink.write(List.of(event));
            } catch (IOException e) {
                metrics.lost(sink.name(), 1);
                LOG.atError().setCause(e).log("an audit event is lost");
                if (strict && event.path("stage").asText().equals(Stage.REQUEST_RECEIVED.text())) {
                    metrics.rejected();
                    throw StatusException.internalError("audit failed");
                }
            }
        }
    }

    @Nullable
    JsonNode decodeProtobuf(byte[] bytes) {
        return protobuf.apply(bytes);
    }

    static String time(Instant time) {
        return MICRO_TIME.format(time);
    }

    @Override
    public void close() {
        sinks.forEach(AuditSink::close);
    }
}
