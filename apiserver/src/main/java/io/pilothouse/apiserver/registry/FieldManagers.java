package io.pilothouse.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Keeps metadata.managedFields: who set which field, and with which operation. */
public final class FieldManagers {
  public ObjectNode onWrite(
      TypeSchema schema, String apiVersion, @Nullable ObjectNode live, ObjectNode object, String manager, String subresource, Instant now) {
    return object;
  }

  @SuppressWarnings("DoNotCallSuggester")
  public ObjectNode apply(
      TypeSchema schema, String apiVersion, ObjectNode live, ObjectNode applied, String manager, String subresource, boolean force,
      Instant now) {
    throw StatusException.unsupportedMediaType(java.util.List.of("application/json-patch+json"));
  }
}
