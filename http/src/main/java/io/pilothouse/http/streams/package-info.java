/** Kubernetes' remote commands and port forwarding over WebSocket and SPDY. */
@NullMarked
package io.pilothouse.http.streams;

import org.jspecify.annotations.NullMarked;
