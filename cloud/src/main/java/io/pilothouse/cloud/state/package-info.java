/** The region's records, with revisions and compare-and-set. */
@NullMarked
package io.pilothouse.cloud.state;

import org.jspecify.annotations.NullMarked;
