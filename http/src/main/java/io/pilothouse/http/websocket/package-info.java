/** WebSocket (RFC 6455) on a raw connection. */
@NullMarked
package io.pilothouse.http.websocket;

import org.jspecify.annotations.NullMarked;
