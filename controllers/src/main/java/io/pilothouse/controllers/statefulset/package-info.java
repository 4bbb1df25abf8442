/** Stateful sets: pods with lasting names and claims, made and replaced in order. */
@NullMarked
package io.pilothouse.controllers.statefulset;

import org.jspecify.annotations.NullMarked;
