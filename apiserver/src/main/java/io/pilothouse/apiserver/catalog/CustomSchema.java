package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What OpenAPI is to say of a version of a custom resource.
 *
 * @param openApi the version's {@code openAPIV3Schema}; null where it has none
 * @param preservesUnknown whether the whole definition keeps undeclared fields
 */
public record CustomSchema(@Nullable JsonNode openApi, boolean preservesUnknown) {}
