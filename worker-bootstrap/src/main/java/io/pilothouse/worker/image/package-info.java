/** Images made of what the host ships. */
@NullMarked
package io.pilothouse.worker.image;

import org.jspecify.annotations.NullMarked;
