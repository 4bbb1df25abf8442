/** The claims of pods: which nodes they allow, and their binding where it waits for the first consumer. */
@NullMarked
package io.pilothouse.scheduler.volumes;

import org.jspecify.annotations.NullMarked;
