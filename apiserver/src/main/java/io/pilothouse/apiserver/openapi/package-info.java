/** OpenAPI: what the server publishes of its paths and types, in version 2 and 3, as JSON and as gnostic's protobuf. */
@NullMarked
package io.pilothouse.apiserver.openapi;

import org.jspecify.annotations.NullMarked;
