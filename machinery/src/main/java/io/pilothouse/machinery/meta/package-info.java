/** Names of groups, versions, kinds and resources, and an object's metadata. */
@NullMarked
package io.pilothouse.machinery.meta;

import org.jspecify.annotations.NullMarked;
