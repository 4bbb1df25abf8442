package io.pilothouse.apiserver.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.audit.Audit;
import io.pilothouse.apiserver.audit.AuditLogFile;
import io.pilothouse.apiserver.audit.AuditMetrics;
import io.pilothouse.apiserver.audit.AuditPolicy;
import io.pilothouse.apiserver.audit.AuditSink;
import io.pilothouse.apiserver.audit.AuditWebhook;
import io.pilothouse.apiserver.audit.BatchingSink;
import io.pilothouse.apiserver.metrics.ClientMetrics;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.webhook.WebhookClient;
import io.pilothouse.apiserver.webhook.WebhookTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of the audit log, with upstream's names and defaults. */
final class AuditOptions {
    private static final List<String> MODES = List.of("batch", "blocking", "blocking-strict");

    @Option(names = "--audit-policy-file")
    @Nullable
    Path policyFile;

    @Option(names = "--audit-log-path", description = "- is the standard output")
    String logPath = "";

    @Option(names = "--audit-log-format", defaultValue = "json", description = "json")
    String logFormat;

    @Option(names = "--audit-log-version", defaultValue = "audit.k8s.io/v1")
    String logVersion;

    @Option(names = "--audit-log-maxage", defaultValue = "0", description = "days")
    int logMaxAge;

    @Option(names = "--audit-log-maxbackup", defaultValue = "0")
    int logMaxBackup;

    @Option(names = "--audit-log-maxsize", defaultValue = "0", description = "megabytes")
    int logMaxSize;

    @Option(names = "--audit-log-compress", arity = "0..1", defaultValue = "false", fallbackValue = "true")
    boolean logCompress;

    @Option(names = "--audit-log-mode", defaultValue = "blocking", description = "batch, blocking, blocking-strict")
    String logMode;

    @Option(names = "--audit-log-batch-buffer-size", defaultValue = "10000")
    int logBuffer;

    @Option(names = "--audit-log-batch-max-size", defaultValue = "1")
    int logBatchSize;

    @Option(names = "--audit-log-batch-max-wait", defaultValue = "0s")
    String logBatchWait;

    @Option(names = "--audit-webhook-config-file", description = "a kubeconfig")
    @Nullable
    Path webhookConfig;

    @Option(names = "--audit-webhook-version", defaultValue = "audit.k8s.io/v1")
    String webhookVersion;

    @Option(names = "--audit-webhook-initial-backoff", defaultValue = "10s")
    String webhookBackoff;

    @Option(names = "--audit-webhook-mode", defaultValue = "batch", description = "batch, blocking, blocking-strict")
    String webhookMode;

    @Option(names = "--audit-webhook-batch-buffer-size", defaultValue = "10000")
    int webhookBuffer;

    @Option(names = "--audit-webhook-batch-max-size", defaultValue = "400")
    int webhookBatchSize;

    @Option(names = "--audit-webhook-batch-max-wait", defaultValue = "30s")
    String webhookBatchWait;

    @Option(names = "--audit-webhook-batch-throttle-qps", defaultValue = "10")
    double webhookQps;

    @Option(names = "--audit-webhook-batch-throttle-burst", defaultValue = "15")
    int webhookBurst;

    void check(List<String> problems) {
        if (!logFormat.equals("json")) {
            problems.add("--audit-log-format: " + logFormat + " is not supported; supported is json");
        }
        for (String version : List.of(logVersion, webhookVersion)) {
            if (!version.equals("audit.k8s.io/v1")) {
                problems.add("audit events are written in the version audit.k8s.io/v1, not " + version);
            }
        }
        mode(problems, "--audit-log-mode", logMode);
        mode(problems, "--audit-webhook-mode", webhookMode);
        if (logMaxAge < 0 || logMaxBackup < 0 || logMaxSize < 0) {
            problems.add(
                    "--audit-log-maxage, --audit-log-maxbackup and --audit-log-maxsize can't be a negative number");
        }
        if (logBuffer <= 0 || logBatchSize <= 0 || webhookBuffer <= 0 || webhookBatchSize <= 0) {
            problems.add("audit buffers and batches must be larger than 0");
        }
        if (policyFile == null && (!logPath.isEmpty() || webhookConfig != null)) {
            problems.add("--audit-policy-file is required for --audit-log-path and --audit-webhook-config-file:"
                    + " no audit policy file, no events");
        }
    }

    private static void mode(List<String> problems, String flag, String mode) {
        if (!MODES.contains(mode)) {
            problems.add("invalid audit mode " + mode + " for " + flag
                    + ", allowed modes are \"batch,blocking,blocking-strict\"");
        }
    }

    /** The audit log; empty where there is no policy, or nowhere to write to. */
    Optional<Audit> open(
            Function<byte[], @Nullable JsonNode> protobuf, Metrics series, ClientMetrics clients, Clock clock)
            throws IOException {
        var metrics = new AuditMetrics(series);
        if (policyFile == null || (logPath.isEmpty() && webhookConfig == null)) {
            return Optional.empty();
        }
        var sinks = new ArrayList<AuditSink>();
        if (!logPath.isEmpty()) {
            var rotation = new AuditLogFile.Rotation(logMaxSize, logMaxBackup, logMaxAge, logCompress);
            var batches = new BatchingSink.Options(logBuffer, logBatchSize, wait(logBatchWait), 0, 0);
            sinks.add(inMode(logMode, AuditLogFile.open(logPath, rotation, clock), batches, metrics));
        }
        if (webhookConfig != null) {
            var client = new WebhookClient(WebhookTarget.load(webhookConfig), clients, Durations.parse(webhookBackoff));
            var batches = new BatchingSink.Options(
                    webhookBuffer, webhookBatchSize, wait(webhookBatchWait), webhookQps, webhookBurst);
            sinks.add(inMode(webhookMode, new AuditWebhook(client), batches, metrics));
        }
        boolean strict = logMode.equals("blocking-strict") || webhookMode.equals("blocking-strict");
        return Optional.of(new Audit(AuditPolicy.load(policyFile), sinks, strict, protobuf, metrics));
    }

    private static Duration wait(String text) {
        return Durations.parse(text);
    }

    private static AuditSink inMode(String mode, AuditSink sink, BatchingSink.Options batches, AuditMetrics metrics) {
        return mode.equals("batch") ? BatchingSink.start(sink, batches, metrics) : sink;
    }
}
