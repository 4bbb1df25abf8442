/** The resources of autoscaling. */
@NullMarked
package io.pilothouse.apiserver.kinds.autoscaling;

import org.jspecify.annotations.NullMarked;
