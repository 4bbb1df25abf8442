/** Cluster roles made of others. */
@NullMarked
package io.pilothouse.controllers.clusterrole;

import org.jspecify.annotations.NullMarked;
