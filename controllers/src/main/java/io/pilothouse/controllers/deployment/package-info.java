/** Deployments. */
@NullMarked
package io.pilothouse.controllers.deployment;

import org.jspecify.annotations.NullMarked;
