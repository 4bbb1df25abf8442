/** What is used of resource quotas. */
@NullMarked
package io.pilothouse.controllers.quota;

import org.jspecify.annotations.NullMarked;
