/** What the manager has to say of admission policies. */
@NullMarked
package io.pilothouse.controllers.admission;

import org.jspecify.annotations.NullMarked;
