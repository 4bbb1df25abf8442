/** How many replicas metrics call for. */
@NullMarked
package io.pilothouse.controllers.autoscaler;

import org.jspecify.annotations.NullMarked;
