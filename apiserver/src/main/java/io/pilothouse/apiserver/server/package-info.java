/** The server as a whole: the filter chain and the composition root. */
@NullMarked
package io.pilothouse.apiserver.server;

import org.jspecify.annotations.NullMarked;
