/** Real kubectl binaries of several versions, and Helm, against an API server with controllers, a scheduler and simulated nodes. */
@NullMarked
package io.pilothouse.conformance.kubectl;

import org.jspecify.annotations.NullMarked;
