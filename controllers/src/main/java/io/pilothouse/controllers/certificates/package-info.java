/** Certificate signing requests. */
@NullMarked
package io.pilothouse.controllers.certificates;

import org.jspecify.annotations.NullMarked;
