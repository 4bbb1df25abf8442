/** The embedded STS. */
@NullMarked
package io.pilothouse.cloud.sts;

import org.jspecify.annotations.NullMarked;
