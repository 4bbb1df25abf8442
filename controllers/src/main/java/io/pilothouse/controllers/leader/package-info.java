/** Which of several replicas acts. */
@NullMarked
package io.pilothouse.controllers.leader;

import org.jspecify.annotations.NullMarked;
