/** What becomes of volumes, their claims and classes. */
@NullMarked
package io.pilothouse.controllers.volume;

import org.jspecify.annotations.NullMarked;
