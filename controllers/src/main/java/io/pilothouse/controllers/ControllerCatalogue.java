package io.pilothouse.controllers;

import io.pilothouse.controllers.deployment.DeploymentController;
import io.pilothouse.controllers.namespace.NamespaceController;
import io.pilothouse.controllers.replicaset.ReplicaSetController;
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
