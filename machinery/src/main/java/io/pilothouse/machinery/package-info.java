/** The Kubernetes object model: types, schema, codecs, selectors, patches, apply, defaulting and validation. No I/O. */
@NullMarked
package io.pilothouse.machinery;

import org.jspecify.annotations.NullMarked;
