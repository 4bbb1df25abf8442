/** Which pods of lower priority make room for one that fits nowhere, and their eviction. */
@NullMarked
package io.pilothouse.scheduler.preemption;

import org.jspecify.annotations.NullMarked;
