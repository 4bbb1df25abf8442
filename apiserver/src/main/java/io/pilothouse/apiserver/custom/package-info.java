/** Custom resources: what CustomResourceDefinitions declare, served as they come and go. */
@NullMarked
package io.pilothouse.apiserver.custom;

import org.jspecify.annotations.NullMarked;
