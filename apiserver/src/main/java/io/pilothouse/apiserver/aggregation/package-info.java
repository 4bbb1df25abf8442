/** API groups that other servers serve, behind this one: APIServices, their availability, and requests that are passed on. */
@NullMarked
package io.pilothouse.apiserver.aggregation;

import org.jspecify.annotations.NullMarked;
