/** What may change or refuse a write after authorization. */
@NullMarked
package io.pilothouse.apiserver.admission;

import org.jspecify.annotations.NullMarked;
