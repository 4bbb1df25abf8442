/** SPDY/3.1: framing, streams and header compression. */
@NullMarked
package io.pilothouse.http.spdy;

import org.jspecify.annotations.NullMarked;
