/** Events about objects. */
@NullMarked
package io.pilothouse.controllers.events;

import org.jspecify.annotations.NullMarked;
