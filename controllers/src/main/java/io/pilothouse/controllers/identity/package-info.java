/** As whom controllers call the API server. */
@NullMarked
package io.pilothouse.controllers.identity;

import org.jspecify.annotations.NullMarked;
