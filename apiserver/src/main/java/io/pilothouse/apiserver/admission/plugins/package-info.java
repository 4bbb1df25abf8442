/** The plugins that need no rules of their own from the API: each a class, named by its flag. */
@NullMarked
package io.pilothouse.apiserver.admission.plugins;

import org.jspecify.annotations.NullMarked;
