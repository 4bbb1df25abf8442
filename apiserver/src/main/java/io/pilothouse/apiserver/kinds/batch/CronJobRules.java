package io.pilothouse.apiserver.kinds.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pilothouse.apiserver.kinds.pod.PodRules;
import io.pilothouse.machinery.field.Field;
import java.util.List;
import java.util.regex.Pattern;

/** What must hold for a cron job. */
final class CronJobRules {
    private static final int LONGEST_NAME = 52;
    private static final Pattern ZONE_PART = Pattern.compile("[A-Za-z.\\-_0-9+]{1,14}");

    private CronJobRules() {}

    static void create(Field job, PodRules rules) {
        check(job.child("spec"), MissingNode.getInstance(), rules);
        var name = job.child("metadata", "name");
        if (name.text().length() > LONGEST_NAME) {
            name.invalid("must be no more than " + LONGEST_NAME + " characters");
        }
    }

    /** @param old the spec before; missing for a new cron job */
    static void check(Field spec, JsonNode old, PodRules rules) {
        if (spec.child("schedule").mustExist()) {
            boolean zoned = old.path("schedule").asText("").contains("TZ");
            schedule(spec.child("schedule"), zoned, spec.child("timeZone").present());
        }
        spec.child("startingDeadlineSeconds").notNegative();
        var zone = spec.child("timeZone");
        if (zone.present() && !zone.value().equals(old.path("timeZone"))) {
            zone(zone);
        }
        spec.child("concurrencyPolicy").requiredOneOf("Allow", "Forbid", "Replace");
        var jobSpec = spec.child("jobTemplate", "spec");
        JobSpecRules.check(jobSpec, rules);
        if (jobSpec.child("selector").present()) {
            jobSpec.child("selector").invalid("`selector` will be auto-generated");
        }
        if (jobSpec.child("manualSelector").isTrue()) {
            jobSpec.child("manualSelector").notSupported(List.of("nil", "false"));
        }
        spec.child("successfulJobsHistoryLimit").notNegative();
        spec.child("failedJobsHistoryLimit").notNegative();
    }

    private static void schedule(Field schedule, boolean zoneAllowed, boolean hasZone) {
        CronSchedule.problem(schedule.text()).ifPresent(schedule::invalid);
        if (!schedule.text().contains("TZ")) {
            return;
        }
        if (!zoneAllowed) {
            schedule.invalid("cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        } else if (hasZone) {
            schedule.invalid("cannot use both timeZone field and TZ or CRON_TZ in schedule");
        }
    }

    private static void zone(Field zone) {
        String text = zone.text();
        if (text.isEmpty()) {
            zone.invalid("timeZone must be nil or non-empty string");
            return;
        }
        for (String part : text.split("/", -1)) {
            if (part.equals(".")
                    || part.equals("..")
                    || part.startsWith("-")
                    || !ZONE_PART.matcher(part).matches()) {
                zone.invalid("unknown time zone " + text);
                return;
            }
        }
        if (text.equalsIgnoreCase("Local")) {
            zone.invalid("timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        }
        if (!CronSchedule.isZone(text)) {
            zone.invalid("unknown time zone " + text);
        }
    }
}
