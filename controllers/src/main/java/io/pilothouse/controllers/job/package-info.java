/** Jobs. */
@NullMarked
package io.pilothouse.controllers.job;

import org.jspecify.annotations.NullMarked;
