/** The scheduler. */
@NullMarked
package io.pilothouse.scheduler;

import org.jspecify.annotations.NullMarked;
