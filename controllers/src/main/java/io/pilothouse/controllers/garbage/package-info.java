/** Objects whose owners are gone. */
@NullMarked
package io.pilothouse.controllers.garbage;

import org.jspecify.annotations.NullMarked;
