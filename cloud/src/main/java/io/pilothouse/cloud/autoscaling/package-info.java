/** The embedded Auto Scaling: groups and the reconciler that keeps their size. */
@NullMarked
package io.pilothouse.cloud.autoscaling;

import org.jspecify.annotations.NullMarked;
