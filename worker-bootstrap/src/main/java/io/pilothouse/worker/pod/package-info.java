/** The life of pods. */
@NullMarked
package io.pilothouse.worker.pod;

import org.jspecify.annotations.NullMarked;
