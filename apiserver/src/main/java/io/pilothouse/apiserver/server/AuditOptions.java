package io.pilothouse.apiserver.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.audit.Audit;
import io.pilothouse.apiserver.audit.AuditLogFile;
import io.pilothouse.apiserver.audit.AuditMetrics;
import io.pilothouse.apiserver.audit.AuditPolicy;
import io.pilothouse.apiserver.audit.AuditSink;
import io.pilothouse.apiserver.audit.AuditWebhook;
import io.pilothouse.apiserver.audit.BatchingSink;
import io.pilothouse.apiserver.flags.FlagSet;
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

/** The flags of the audit log, with upstream's names and defaults. */
final class AuditOptions {
    private static final List<String> MODES = List.of("batch", "blocking", "blocking-strict");

    @Nullable
    Path policyFile;

    String logPath = "";
    String logFormat = "json";
    String logVersion = "audit.k8s.io/v1";
    int logMaxAge;
    int logMaxBackup;
    int logMaxSize;
    boolean logCompress;
    String logMode = "blocking";
    int logBuffer = 10_000;
    int logBatchSize = 1;
    String logBatchWait = "0s";

    @Nullable
    Path webhookConfig;

    String webhookVersion = "audit.k8s.io/v1";
    String webhookBackoff = "10s";
    String webhookMode = "batch";
    int webhookBuffer = 10_000;
    int webhookBatchSize = 400;
    String webhookBatchWait = "30s";
    double webhookQps = 10;
    int webhookBurst = 15;

    void declare(FlagSet flags) {
        flags.section("Auditing");
        flags.file("--audit-policy-file", policyFile, value -> policyFile = value, "which requests are told of");
        log(flags);
        logBatches(flags);
        webhook(flags);
        webhookBatches(flags);
    }

    private void log(FlagSet flags) {
        flags.text("--audit-log-path", logPath, value -> logPath = value, "- is the standard output");
        flags.text("--audit-log-format", logFormat, value -> logFormat = value, "json");
        flags.text("--audit-log-version", logVersion, value -> logVersion = value, "of the events that are written");
        flags.integer("--audit-log-maxage", logMaxAge, value -> logMaxAge = value, "days");
        flags.integer(
                "--audit-log-maxbackup", logMaxBackup, value -> logMaxBackup = value, "how many old files are kept");
        flags.integer("--audit-log-maxsize", logMaxSize, value -> logMaxSize = value, "megabytes");
        flags.truth("--audit-log-compress", logCompress, value -> logCompress = value, "old files are compressed");
        flags.text("--audit-log-mode", logMode, value -> logMode = value, "batch, blocking, blocking-strict");
    }

    private void logBatches(FlagSet flags) {
        flags.integer(
                "--audit-log-batch-buffer-size", logBuffer, value -> logBuffer = value, "how many events may wait");
        flags.integer(
                "--audit-log-batch-max-size",
                logBatchSize,
                value -> logBatchSize = value,
                "how many events are written at a time");
        flags.duration(
                "--audit-log-batch-max-wait",
                logBatchWait,
                value -> logBatchWait = value,
                "how long events wait for others");
    }

    private void webhook(FlagSet flags) {
        flags.file("--audit-webhook-config-file", webhookConfig, value -> webhookConfig = value, "a kubeconfig");
        flags.text(
                "--audit-webhook-version",
                webhookVersion,
                value -> webhookVersion = value,
                "of the events that are sent");
        flags.duration(
                "--audit-webhook-initial-backoff",
                webhookBackoff,
                value -> webhookBackoff = value,
                "how long is waited before events are sent again the first time");
        flags.text(
                "--audit-webhook-mode", webhookMode, value -> webhookMode = value, "batch, blocking, blocking-strict");
    }

    private void webhookBatches(FlagSet flags) {
        flags.integer(
                "--audit-webhook-batch-buffer-size",
                webhookBuffer,
                value -> webhookBuffer = value,
                "how many events may wait");
        flags.integer(
                "--audit-webhook-batch-max-size",
                webhookBatchSize,
                value -> webhookBatchSize = value,
                "how many events are sent at a time");
        flags.duration(
                "--audit-webhook-batch-max-wait",
                webhookBatchWait,
                value -> webhookBatchWait = value,
                "how long events wait for others");
        flags.fraction(
                "--audit-webhook-batch-throttle-qps",
                webhookQps,
                value -> webhookQps = value,
                "how many batches are sent in a second");
        flags.integer(
                "--audit-webhook-batch-throttle-burst",
                webhookBurst,
                value -> webhookBurst = value,
                "how many batches may be sent at once, where fewer were sent before");
    }

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
