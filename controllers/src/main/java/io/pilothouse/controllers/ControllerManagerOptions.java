package io.pilothouse.controllers;

import io.pilothouse.controllers.autoscaler.Settings;
import io.pilothouse.controllers.runtime.ClientOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags of the controller manager, with kube-controller-manager's names and defaults. Durations as Go writes them (40s, 5m0s). */
public final class ControllerManagerOptions {
    /** How the API server is reached and who leads. */
    @Mixin
    public ClientOptions client = new ClientOptions("kube-controller-manager");

    @Option(
            names = "--controllers",
            split = ",",
            description =
                    "Which controllers run: * for all that run by default, name to add one, -name to leave one out")
    public List<String> controllers = List.of("*");

    @Option(
            names = "--cluster-signing-cert-file",
            description = "PEM certificate that signs certificates of the cluster")
    public @Nullable Path clusterSigningCertFile;

    @Option(names = "--cluster-signing-key-file", description = "PEM key that signs certificates of the cluster")
    public @Nullable Path clusterSigningKeyFile;

    @Option(names = "--cluster-signing-duration", description = "The longest a signed certificate is good for")
    public String clusterSigningDuration = "8760h0m0s";

    @Option(
            names = "--service-account-private-key-file",
            description = "PEM key that signs the tokens in secrets of type kubernetes.io/service-account-token")
    public @Nullable Path serviceAccountPrivateKeyFile;

    @Option(
            names = "--root-ca-file",
            description = "PEM certificates for pods to verify the API server with, published in every namespace")
    public @Nullable Path rootCaFile;

    @Option(names = "--concurrent-deployment-syncs")
    public int concurrentDeploymentSyncs = 5;

    @Option(names = "--concurrent-replicaset-syncs")
    public int concurrentReplicasetSyncs = 5;

    @Option(names = "--concurrent-daemonset-syncs")
    public int concurrentDaemonsetSyncs = 2;

    @Option(names = "--concurrent-statefulset-syncs")
    public int concurrentStatefulsetSyncs = 5;

    @Option(names = "--concurrent-job-syncs")
    public int concurrentJobSyncs = 5;

    @Option(names = "--concurrent-cron-job-syncs")
    public int concurrentCronJobSyncs = 5;

    @Option(names = "--concurrent-endpoint-syncs")
    public int concurrentEndpointSyncs = 5;

    @Option(names = "--concurrent-service-endpoint-syncs")
    public int concurrentServiceEndpointSyncs = 5;

    @Option(names = "--concurrent-validating-admission-policy-status-syncs")
    public int concurrentValidatingAdmissionPolicyStatusSyncs = 5;

    @Option(names = "--concurrent-namespace-syncs")
    public int concurrentNamespaceSyncs = 10;

    @Option(names = "--concurrent-gc-syncs")
    public int concurrentGcSyncs = 20;

    @Option(names = "--concurrent-ttl-after-finished-syncs")
    public int concurrentTtlAfterFinishedSyncs = 5;

    @Option(names = "--concurrent-serviceaccount-token-syncs")
    public int concurrentServiceaccountTokenSyncs = 5;

    @Option(names = "--concurrent-resource-quota-syncs")
    public int concurrentResourceQuotaSyncs = 5;

    @Option(
            names = "--resource-quota-sync-period",
            description = "How often all that is used of quotas is counted again")
    public String resourceQuotaSyncPeriod = "5m0s";

    @Option(names = "--concurrent-horizontal-pod-autoscaler-syncs")
    public int concurrentHorizontalPodAutoscalerSyncs = 5;

    @Option(
            names = "--horizontal-pod-autoscaler-sync-period",
            description = "How often autoscalers look at their metrics")
    public String horizontalPodAutoscalerSyncPeriod = "15s";

    @Option(
            names = "--horizontal-pod-autoscaler-downscale-stabilization",
            description = "For how long autoscalers do not go below what they recommended, where they say nothing else")
    public String horizontalPodAutoscalerDownscaleStabilization = "5m0s";

    @Option(
            names = "--horizontal-pod-autoscaler-tolerance",
            description = "How far metrics may be from their targets before autoscalers do anything, as a share")
    public double horizontalPodAutoscalerTolerance = 0.1;

    @Option(
            names = "--horizontal-pod-autoscaler-cpu-initialization-period",
            description = "For how long after a pod's start what it uses of the processor may be skipped")
    public String horizontalPodAutoscalerCpuInitializationPeriod = "5m0s";

    @Option(
            names = "--horizontal-pod-autoscaler-initial-readiness-delay",
            description = "For how long after a pod's start changes of its readiness count as its first readiness")
    public String horizontalPodAutoscalerInitialReadinessDelay = "30s";

    @Option(names = "--concurrent-ephemeralvolume-syncs")
    public int concurrentEphemeralvolumeSyncs = 5;

    @Option(
            names = "--pvclaimbinder-sync-period",
            description = "How often all persistent volumes and claims are looked at")
    public String pvclaimbinderSyncPeriod = "15s";

    @Option(
            names = "--node-monitor-grace-period",
            description = "How long a node may be silent before it counts as unreachable")
    public String nodeMonitorGracePeriod = "50s";

    @Option(names = "--node-monitor-period", description = "How often nodes are looked at")
    public String nodeMonitorPeriod = "5s";

    @Option(
            names = "--terminated-pod-gc-threshold",
            description = "How many finished pods may stay; 0 or less for any number")
    public int terminatedPodGcThreshold = 12500;

    @Option(
            names = "--use-service-account-credentials",
            arity = "0..1",
            fallbackValue = "true",
            description =
                    "Each controller acts as its own service account of kube-system; else all act as the one of --kubeconfig")
    public boolean useServiceAccountCredentials;

    /** How autoscalers work; for options without problems. */
    Settings autoscaler() {
        return new Settings(
                concurrentHorizontalPodAutoscalerSyncs,
                ClientOptions.duration(horizontalPodAutoscalerSyncPeriod),
                ClientOptions.duration(horizontalPodAutoscalerDownscaleStabilization),
                horizontalPodAutoscalerTolerance,
                ClientOptions.duration(horizontalPodAutoscalerCpuInitializationPeriod),
                ClientOptions.duration(horizontalPodAutoscalerInitialReadinessDelay));
    }

    /** All that is wrong, empty if the manager can start. */
    public List<String> problems() {
        var problems = new ArrayList<>(client.problems());
        readable(problems, "--cluster-signing-cert-file", clusterSigningCertFile);
        readable(problems, "--cluster-signing-key-file", clusterSigningKeyFile);
        readable(problems, "--service-account-private-key-file", serviceAccountPrivateKeyFile);
        readable(problems, "--root-ca-file", rootCaFile);
        if ((clusterSigningCertFile == null) != (clusterSigningKeyFile == null)) {
            problems.add("--cluster-signing-cert-file and --cluster-signing-key-file go together");
        }
        ClientOptions.duration(problems, "--cluster-signing-duration", clusterSigningDuration);
        ClientOptions.duration(problems, "--node-monitor-grace-period", nodeMonitorGracePeriod);
        ClientOptions.duration(problems, "--resource-quota-sync-period", resourceQuotaSyncPeriod);
        ClientOptions.duration(problems, "--horizontal-pod-autoscaler-sync-period", horizontalPodAutoscalerSyncPeriod);
        ClientOptions.duration(
                problems,
                "--horizontal-pod-autoscaler-downscale-stabilization",
                horizontalPodAutoscalerDownscaleStabilization);
        ClientOptions.duration(
                problems,
                "--horizontal-pod-autoscaler-cpu-initialization-period",
                horizontalPodAutoscalerCpuInitializationPeriod);
        ClientOptions.duration(
                problems,
                "--horizontal-pod-autoscaler-initial-readiness-delay",
                horizontalPodAutoscalerInitialReadinessDelay);
        ClientOptions.duration(problems, "--pvclaimbinder-sync-period", pvclaimbinderSyncPeriod);
        ClientOptions.duration(problems, "--node-monitor-period", nodeMonitorPeriod);
        problems.addAll(new ControllerCatalogue().unknown(controllers));
        return problems;
    }

    private static void readable(List<String> problems, String flag, @Nullable Path file) {
        if (file != null && !Files.isReadable(file)) {
            problems.add(flag + ": cannot read " + file);
        }
    }
}
