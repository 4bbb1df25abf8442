/** The verbs of the API over HTTP. */
@NullMarked
package io.pilothouse.apiserver.endpoint;

import org.jspecify.annotations.NullMarked;
