/** Media types in and out. */
@NullMarked
package io.pilothouse.apiserver.negotiation;

import org.jspecify.annotations.NullMarked;
