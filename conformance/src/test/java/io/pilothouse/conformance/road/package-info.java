/** The whole road, from {@code make up} to {@code make down}, walked with the real AWS CLI and kubectl. */
@NullMarked
package io.pilothouse.conformance.road;

import org.jspecify.annotations.NullMarked;
