/** Real clients driven against the real thing. */
@NullMarked
package io.pilothouse.conformance;

import org.jspecify.annotations.NullMarked;
