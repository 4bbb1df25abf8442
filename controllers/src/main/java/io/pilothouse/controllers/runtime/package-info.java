/** What a controller is given and how it runs. */
@NullMarked
package io.pilothouse.controllers.runtime;

import org.jspecify.annotations.NullMarked;
