package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.function.UnaryOperator;

/**
 * One version in which a resource is served.
 *
 * @param toStorage from this version to the storage version; may change its argument
 * @param fromStorage the way back; may change its argument
 */
public record ServedVersion(
    GroupVersionKind kind, TypeSchema schema, UnaryOperator<ObjectNode> toStorage, UnaryOperator<ObjectNode> fromStorage) {

  public static ServedVersion same(GroupVersionKind kind, TypeSchema schema) {
    return new ServedVersion(kind, schema, UnaryOperator.identity(), UnaryOperator.identity());
  }
}
