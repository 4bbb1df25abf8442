package io.pilothouse.apiserver.kinds.apps;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ScaleMapping;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.kinds.PodSelectors;

/** apps/v1 Deployment. */
public final class Deployments {
  private Deployments() {}

  public static ResourceDefinition definition(Schemas schemas) {
    return ResourceDefinition.of("apps", "deployments", "deployment", "Deployment")
        .version("v1", schemas)
        .shortNames("deploy")
        .categories("all")
        .generation("spec")
        .subresource(new Subresource.Scale(new ScaleMapping("spec.replicas", "status.replicas", PodSelectors::ofScale)))
        .status()
        .build();
  }
}
