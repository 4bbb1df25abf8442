/** The Pod Security Standards: what pods may do at each level, and which level a namespace enforces, audits and warns of. */
@NullMarked
package io.pilothouse.apiserver.admission.podsecurity;

import org.jspecify.annotations.NullMarked;
