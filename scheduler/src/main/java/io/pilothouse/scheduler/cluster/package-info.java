/** What is known of nodes and of the pods on them, with those just placed. */
@NullMarked
package io.pilothouse.scheduler.cluster;

import org.jspecify.annotations.NullMarked;
