/** Endpoints and endpoint slices of services. */
@NullMarked
package io.pilothouse.controllers.endpoints;

import org.jspecify.annotations.NullMarked;
