/** How objects are counted against resource quotas. */
@NullMarked
package io.pilothouse.machinery.quota;

import org.jspecify.annotations.NullMarked;
