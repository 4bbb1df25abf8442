package io.pilothouse.controllers;

import io.pilothouse.controllers.certificates.CertificateApprover;
import io.pilothouse.controllers.certificates.CertificateCleaner;
import io.pilothouse.controllers.certificates.CertificateSigner;
import io.pilothouse.controllers.clusterrole.ClusterRoleAggregation;
import io.pilothouse.controllers.daemonset.DaemonSetController;
import io.pilothouse.controllers.deployment.DeploymentController;
import io.pilothouse.controllers.endpoints.EndpointSliceController;
import io.pilothouse.controllers.endpoints.EndpointsController;
import io.pilothouse.controllers.garbage.GarbageCollector;
import io.pilothouse.controllers.job.FinishedJobs;
import io.pilothouse.controllers.job.JobController;
import io.pilothouse.controllers.namespace.NamespaceController;
import io.pilothouse.controllers.node.NodeLifecycleController;
import io.pilothouse.controllers.node.PodCollector;
import io.pilothouse.controllers.node.TaintEviction;
import io.pilothouse.controllers.replicaset.ReplicaSetController;
import io.pilothouse.controllers.runtime.ClientOptions;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.serviceaccount.RootCaPublisher;
import io.pilothouse.controllers.serviceaccount.ServiceAccountController;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All controllers under upstream's names. */
final class ControllerCatalogue {
  /** Puts a controller into a context. */
  @FunctionalInterface
  interface Factory {
    void join(ControllerContext context, ControllerManagerOptions options) throws IOException;
  }

  private final Map<String, Factory> factories = new LinkedHashMap<>();

  ControllerCatalogue() {
    factories.put("deployment-controller", (context, options) -> new DeploymentController(context, options.concurrentDeploymentSyncs));
    factories.put("replicaset-controller", (context, options) -> new ReplicaSetController(context, options.concurrentReplicasetSyncs));
    factories.put("serviceaccount-controller", (context, options) -> new ServiceAccountController(context, 1));
    factories.put("root-ca-certificate-publisher-controller", (context, options) -> {
      if (options.rootCaFile != null) {
        new RootCaPublisher(context, 1, Files.readString(options.rootCaFile));
      }
    });
    factories.put("certificatesigningrequest-approving-controller", (context, options) -> new CertificateApprover(context, 2));
    factories.put("certificatesigningrequest-signing-controller", (context, options) -> {
      if (options.clusterSigningCertFile != null && options.clusterSigningKeyFile != null) {
        new CertificateSigner(context, 2, options.clusterSigningCertFile, options.clusterSigningKeyFile, ClientOptions.duration(options.clusterSigningDuration));
      }
    });
    factories.put("certificatesigningrequest-cleaner-controller", (context, options) -> new CertificateCleaner(context));
    factories.put("node-lifecycle-controller", (context, options) -> new NodeLifecycleController(
        context, ClientOptions.duration(options.nodeMonitorPeriod), ClientOptions.duration(options.nodeMonitorGracePeriod)));
    factories.put("taint-eviction-controller", (context, options) -> new TaintEviction(context, 4));
    factories.put("pod-garbage-collector-controller", (context, options) -> new PodCollector(context, options.terminatedPodGcThreshold));
    factories.put("endpointslice-controller", (context, options) -> new EndpointSliceController(context, options.concurrentServiceEndpointSyncs));
    factories.put("endpoints-controller", (context, options) -> new EndpointsController(context, options.concurrentEndpointSyncs));
    factories.put("clusterrole-aggregation-controller", (context, options) -> new ClusterRoleAggregation(context, 2));
    factories.put("garbage-collector-controller", (context, options) -> new GarbageCollector(context, options.concurrentGcSyncs));
    factories.put("job-controller", (context, options) -> new JobController(context, options.concurrentJobSyncs));
    factories.put("ttl-after-finished-controller", (context, options) -> new FinishedJobs(context, options.concurrentTtlAfterFinishedSyncs));
    factories.put("daemonset-controller", (context, options) -> new DaemonSetController(context, options.concurrentDaemonsetSyncs));
    factories.put("namespace-controller", (context, options) -> new NamespaceController(context, options.concurrentNamespaceSyncs));
  }

  /** The choices that name no controller. */
  List<String> unknown(List<String> choices) {
    return choices.stream()
        .map(choice -> choice.startsWith("-") ? choice.substring(1) : choice)
        .filter(name -> !name.equals("*") && !factories.containsKey(name))
        .map(name -> "--controllers: \"" + name + "\" is not in the list of known controllers: " + String.join(", ", factories.keySet()))
        .toList();
  }

  /** Puts the chosen ones into a context. */
  void join(List<String> choices, ControllerContext context, ControllerManagerOptions options) throws IOException {
    for (var entry : factories.entrySet()) {
      String name = entry.getKey();
      if (!choices.contains("-" + name) && (choices.contains("*") || choices.contains(name))) {
        entry.getValue().join(context, options);
      }
    }
  }
}
