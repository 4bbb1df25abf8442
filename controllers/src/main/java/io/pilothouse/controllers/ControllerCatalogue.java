package io.pilothouse.controllers;

import io.pilothouse.controllers.admission.PolicyStatusController;
import io.pilothouse.controllers.autoscaler.AutoscalerController;
import io.pilothouse.controllers.binder.BinderController;
import io.pilothouse.controllers.certificates.CertificateApprover;
import io.pilothouse.controllers.certificates.CertificateCleaner;
import io.pilothouse.controllers.certificates.CertificateSigner;
import io.pilothouse.controllers.clusterrole.ClusterRoleAggregation;
import io.pilothouse.controllers.cronjob.CronJobController;
import io.pilothouse.controllers.daemonset.DaemonSetController;
import io.pilothouse.controllers.deployment.DeploymentController;
import io.pilothouse.controllers.disruption.DisruptionController;
import io.pilothouse.controllers.endpoints.EndpointSliceController;
import io.pilothouse.controllers.endpoints.EndpointsController;
import io.pilothouse.controllers.garbage.GarbageCollector;
import io.pilothouse.controllers.identity.ControllerClients;
import io.pilothouse.controllers.job.FinishedJobs;
import io.pilothouse.controllers.job.JobController;
import io.pilothouse.controllers.namespace.NamespaceController;
import io.pilothouse.controllers.node.NodeLifecycleController;
import io.pilothouse.controllers.node.PodCollector;
import io.pilothouse.controllers.node.TaintEviction;
import io.pilothouse.controllers.quota.QuotaController;
import io.pilothouse.controllers.replicaset.ReplicaSetController;
import io.pilothouse.controllers.runtime.ClientOptions;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.serviceaccount.LegacyTokenController;
import io.pilothouse.controllers.serviceaccount.RootCaPublisher;
import io.pilothouse.controllers.serviceaccount.ServiceAccountController;
import io.pilothouse.controllers.statefulset.StatefulSetController;
import io.pilothouse.controllers.volume.AttributesClassProtection;
import io.pilothouse.controllers.volume.ClaimProtection;
import io.pilothouse.controllers.volume.EphemeralClaims;
import io.pilothouse.controllers.volume.VolumeProtection;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All controllers under upstream's names. */
final class ControllerCatalogue {
    /** Puts a controller into a context. */
    @FunctionalInterface
    interface Factory {
        void join(ControllerContext context, ControllerManagerOptions options) throws IOException;
    }

    /**
     * A controller.
     *
     * @param account its service account in kube-system, which the bootstrap policy grants what it needs
     * @param component how its events are signed
     */
    private record Entry(String account, String component, Factory factory) {}

    /** The account of a controller that acts as the manager itself, which may read secrets and make tokens. */
    private static final String OWN = "";

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    ControllerCatalogue() {
        add(
                "deployment-controller",
                "deployment-controller",
                "deployment-controller",
                (context, options) -> new DeploymentController(context, options.concurrentDeploymentSyncs));
        add(
                "replicaset-controller",
                "replicaset-controller",
                "replicaset-controller",
                (context, options) -> new ReplicaSetController(context, options.concurrentReplicasetSyncs));
        add(
                "serviceaccount-controller",
                "service-account-controller",
                "service-account-controller",
                (context, options) -> new ServiceAccountController(context, 1));
        add("serviceaccount-token-controller", OWN, "token-controller", (context, options) -> {
            if (options.serviceAccountPrivateKeyFile != null) {
                Optional<String> rootCa = options.rootCaFile == null
                        ? Optional.empty()
                        : Optional.of(Files.readString(options.rootCaFile));
                new LegacyTokenController(
                        context,
                        options.concurrentServiceaccountTokenSyncs,
                        options.serviceAccountPrivateKeyFile,
                        rootCa);
            }
        });
        add(
                "root-ca-certificate-publisher-controller",
                "root-ca-cert-publisher",
                "root-ca-cert-publisher",
                (context, options) -> {
                    if (options.rootCaFile != null) {
                        new RootCaPublisher(context, 1, Files.readString(options.rootCaFile));
                    }
                });
        add(
                "certificatesigningrequest-approving-controller",
                "certificate-controller",
                "certificate-controller",
                (context, options) -> new CertificateApprover(context, 2));
        add(
                "certificatesigningrequest-signing-controller",
                "certificate-controller",
                "certificate-controller",
                (context, options) -> {
                    if (options.clusterSigningCertFile != null && options.clusterSigningKeyFile != null) {
                        new CertificateSigner(
                                context,
                                2,
                                options.clusterSigningCertFile,
                                options.clusterSigningKeyFile,
                                ClientOptions.duration(options.clusterSigningDuration));
                    }
                });
        add(
                "certificatesigningrequest-cleaner-controller",
                "certificate-controller",
                "certificate-controller",
                (context, options) -> new CertificateCleaner(context));
        add(
                "node-lifecycle-controller",
                "node-controller",
                "node-controller",
                (context, options) -> new NodeLifecycleController(
                        context,
                        ClientOptions.duration(options.nodeMonitorPeriod),
                        ClientOptions.duration(options.nodeMonitorGracePeriod)));
        add(
                "taint-eviction-controller",
                "node-controller",
                "taint-eviction-controller",
                (context, options) -> new TaintEviction(context, 4));
        add(
                "pod-garbage-collector-controller",
                "pod-garbage-collector",
                "pod-garbage-collector",
                (context, options) -> new PodCollector(context, options.terminatedPodGcThreshold));
        add(
                "endpointslice-controller",
                "endpointslice-controller",
                "endpoint-slice-controller",
                (context, options) -> new EndpointSliceController(context, options.concurrentServiceEndpointSyncs));
        add(
                "endpoints-controller",
                "endpoint-controller",
                "endpoint-controller",
                (context, options) -> new EndpointsController(context, options.concurrentEndpointSyncs));
        add(
                "clusterrole-aggregation-controller",
                "clusterrole-aggregation-controller",
                "clusterrole-aggregation-controller",
                (context, options) -> new ClusterRoleAggregation(context, 2));
        add(
                "garbage-collector-controller",
                "generic-garbage-collector",
                "garbage-collector-controller",
                (context, options) -> new GarbageCollector(context, options.concurrentGcSyncs));
        add(
                "job-controller",
                "job-controller",
                "job-controller",
                (context, options) -> new JobController(context, options.concurrentJobSyncs));
        add(
                "ttl-after-finished-controller",
                "ttl-after-finished-controller",
                "ttl-after-finished-controller",
                (context, options) -> new FinishedJobs(context, options.concurrentTtlAfterFinishedSyncs));
        add(
                "daemonset-controller",
                "daemon-set-controller",
                "daemonset-controller",
                (context, options) -> new DaemonSetController(context, options.concurrentDaemonsetSyncs));
        add(
                "statefulset-controller",
                "statefulset-controller",
                "statefulset-controller",
                (context, options) -> new StatefulSetController(context, options.concurrentStatefulsetSyncs));
        add(
                "cronjob-controller",
                "cronjob-controller",
                "cronjob-controller",
                (context, options) -> new CronJobController(context, options.concurrentCronJobSyncs));
        add(
                "persistentvolumeclaim-protection-controller",
                "pvc-protection-controller",
                "pvc-protection-controller",
                (context, options) -> new ClaimProtection(context));
        add(
                "persistentvolume-protection-controller",
                "pv-protection-controller",
                "pv-protection-controller",
                (context, options) -> new VolumeProtection(context));
        add(
                "volumeattributesclass-protection-controller",
                "volumeattributesclass-protection-controller",
                "volumeattributesclass-protection-controller",
                (context, options) -> new AttributesClassProtection(context));
        add(
                "resourcequota-controller",
                "resourcequota-controller",
                "resourcequota-controller",
                (context, options) -> new QuotaController(
                        context,
                        options.concurrentResourceQuotaSyncs,
                        ClientOptions.duration(options.resourceQuotaSyncPeriod)));
        add(
                "disruption-controller",
                "disruption-controller",
                "controllermanager",
                (context, options) -> new DisruptionController(context));
        add(
                "horizontal-pod-autoscaler-controller",
                "horizontal-pod-autoscaler",
                "horizontal-pod-autoscaler",
                (context, options) -> new AutoscalerController(context, options.autoscaler()));
        add(
                "persistentvolume-binder-controller",
                "persistent-volume-binder",
                "persistentvolume-controller",
                (context, options) ->
                        new BinderController(context, ClientOptions.duration(options.pvclaimbinderSyncPeriod)));
        add(
                "ephemeral-volume-controller",
                "ephemeral-volume-controller",
                "ephemeral_volume",
                (context, options) -> new EphemeralClaims(context, options.concurrentEphemeralvolumeSyncs));
        add(
                "validatingadmissionpolicy-status-controller",
                "validatingadmissionpolicy-status-controller",
                "validatingadmissionpolicy-status-controller",
                (context, options) ->
                        new PolicyStatusController(context, options.concurrentValidatingAdmissionPolicyStatusSyncs));
        add(
                "namespace-controller",
                "namespace-controller",
                "namespace-controller",
                (context, options) -> new NamespaceController(context, options.concurrentNamespaceSyncs));
    }

    /** The choices that name no controller. */
    List<String> unknown(List<String> choices) {
        return choices.stream()
                .map(choice -> choice.startsWith("-") ? choice.substring(1) : choice)
                .filter(name -> !name.equals("*") && !entries.containsKey(name))
                .map(name -> "--controllers: \"" + name + "\" is not in the list of known controllers: "
                        + String.join(", ", entries.keySet()))
                .toList();
    }

    private void add(String name, String account, String component, Factory factory) {
        entries.put(name, new Entry(account, component, factory));
    }

    /** Puts the chosen ones into a context, each with its own client. */
    void join(
            List<String> choices,
            ControllerContext context,
            ControllerClients clients,
            ControllerManagerOptions options)
            throws IOException {
        for (var named : entries.entrySet()) {
            String name = named.getKey();
            if (!choices.contains("-" + name) && (choices.contains("*") || choices.contains(name))) {
                Entry entry = named.getValue();
                entry.factory.join(
                        context.as(
                                entry.account.equals(OWN) ? context.client() : clients.of(entry.account),
                                entry.component),
                        options);
            }
        }
    }
}
