/** HTTP servers and upgraded streams. The only module that knows Netty. */
@NullMarked
package io.pilothouse.http;

import org.jspecify.annotations.NullMarked;
