/** Unary gRPC over Unix sockets. */
@NullMarked
package io.pilothouse.http.grpc;

import org.jspecify.annotations.NullMarked;
