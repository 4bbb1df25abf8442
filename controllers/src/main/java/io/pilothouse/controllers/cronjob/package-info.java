/** Cron jobs: jobs made by a schedule. */
@NullMarked
package io.pilothouse.controllers.cronjob;

import org.jspecify.annotations.NullMarked;
