/** The scale subresource of any kind. */
@NullMarked
package io.pilothouse.controllers.scale;

import org.jspecify.annotations.NullMarked;
