/** JSONPath as kubectl and printer columns know it. */
@NullMarked
package io.pilothouse.machinery.jsonpath;

import org.jspecify.annotations.NullMarked;
