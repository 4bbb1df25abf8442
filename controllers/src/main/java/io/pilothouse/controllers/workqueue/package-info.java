/** Keys waiting for reconcilers: deduplicated, delayed, rate limited. */
@NullMarked
package io.pilothouse.controllers.workqueue;

import org.jspecify.annotations.NullMarked;
