/** What the fields of objects are: the built-in types and those of custom resources. */
@NullMarked
package io.pilothouse.machinery.schema;

import org.jspecify.annotations.NullMarked;
