/** Making, ranking and judging pods for the controllers that own them. */
@NullMarked
package io.pilothouse.controllers.pods;

import org.jspecify.annotations.NullMarked;
