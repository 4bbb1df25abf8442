package io.pilothouse.apiserver.kinds.core;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** core/v1 Event. */
public final class Events {
  private static final long EVENT_TTL_SECONDS = 3600;

  private Events() {}

  public static ResourceDefinition definition(Schemas schemas) {
    return ResourceDefinition.of("", "events", "event", "Event")
        .version("v1", schemas)
        .shortNames("ev")
        .createOnUpdate()
        .ttlSeconds(EVENT_TTL_SECONDS)
        .build();
  }
}
