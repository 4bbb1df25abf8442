/** What kinds an API server serves. */
@NullMarked
package io.pilothouse.controllers.discovery;

import org.jspecify.annotations.NullMarked;
