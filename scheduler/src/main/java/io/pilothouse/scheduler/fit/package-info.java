/** Which nodes a pod can run on, and which of them suit it best. */
@NullMarked
package io.pilothouse.scheduler.fit;

import org.jspecify.annotations.NullMarked;
