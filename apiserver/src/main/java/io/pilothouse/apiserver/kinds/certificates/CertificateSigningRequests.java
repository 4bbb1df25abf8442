package io.pilothouse.apiserver.kinds.certificates;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** certificates.k8s.io/v1 CertificateSigningRequest. */
public final class CertificateSigningRequests {
  private CertificateSigningRequests() {}

  public static ResourceDefinition definition(Schemas schemas) {
    return ResourceDefinition.of("certificates.k8s.io", "certificatesigningrequests", "certificatesigningrequest", "CertificateSigningRequest")
        .version("v1", schemas)
        .clusterScoped()
        .shortNames("csr")
        .status()
        .build();
  }
}
