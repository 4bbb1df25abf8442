/** How many pods may be disrupted. */
@NullMarked
package io.pilothouse.controllers.disruption;

import org.jspecify.annotations.NullMarked;
