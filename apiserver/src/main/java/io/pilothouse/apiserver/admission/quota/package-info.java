/** How much of what there may be in a namespace: LimitRanger and ResourceQuota. */
@NullMarked
package io.pilothouse.apiserver.admission.quota;

import org.jspecify.annotations.NullMarked;
