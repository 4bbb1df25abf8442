/** Which requests webhooks and policies are asked about, and the objects in the version that they want. */
@NullMarked
package io.pilothouse.apiserver.admission.match;

import org.jspecify.annotations.NullMarked;
