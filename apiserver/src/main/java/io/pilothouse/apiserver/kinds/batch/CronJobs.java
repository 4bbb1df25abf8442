package io.pilothouse.apiserver.kinds.batch;

import static io.pilothouse.apiserver.kinds.Trees.fill;
import static io.pilothouse.apiserver.kinds.Trees.with;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Aged;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.CheckedStatus;
import io.pilothouse.apiserver.kinds.TemplateStrategy;
import io.pilothouse.apiserver.kinds.Workloads;
import io.pilothouse.apiserver.kinds.pod.PodRules;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** batch/v1 CronJob. */
public final class CronJobs {
    private static final String ZONE_TEXT =
            "The time zone name for the given schedule, see https://en.wikipedia.org/wiki/List_of_tz_database_time_zones. If not"
                    + " specified, this will default to the time zone of the kube-controller-manager process. The set of valid time zone"
                    + " names and the time zone offset is loaded from the system-wide time zone database by the API server during CronJob"
                    + " validation and the controller manager during execution. If no system-wide time zone database can be found a bundled"
                    + " version of the database is used instead. If the time zone name becomes invalid during the lifetime of a CronJob or"
                    + " due to a change in host configuration, the controller will stop creating new new Jobs and will create a system event"
                    + " with the reason UnknownTimeZone. More information can be found in"
                    + " https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#time-zones";

    private CronJobs() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("batch", "cronjobs", "cronjob", "CronJob")
                .version("v1", schemas)
                .shortNames("cj")
                .categories("all")
                .generation("spec")
                .subresource(CheckedStatus.subresource(StatusView.FREE_METADATA, (status, old) -> {}))
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.text(
                                "Schedule",
                                "The schedule in Cron format, see https://en.wikipedia.org/wiki/Cron.",
                                o -> o.path("spec").path("schedule").asText("")),
                        Column.text(
                                "Timezone",
                                ZONE_TEXT,
                                o -> o.path("spec").path("timeZone").asText("<none>")),
                        new Column(
                                "Suspend",
                                "boolean",
                                "",
                                "This flag tells the controller to suspend subsequent executions, it does not apply to already started"
                                        + " executions.  Defaults to false.",
                                0,
                                (o, now) -> JsonNodeFactory.instance.textNode(suspended(o))),
                        Column.number("Active", "A list of pointers to currently running jobs.", o ->
                                (long) o.path("status").path("active").size()),
                        Column.aging(
                                "Last Schedule",
                                "Information when was the last time the job was successfully scheduled.",
                                o -> Aged.since(
                                        o.path("status")
                                                .path("lastScheduleTime")
                                                .asText(""),
                                        "<none>")),
                        TableWriter.age(),
                        Workloads.containers(CronJobs::template).wide(),
                        Workloads.images(CronJobs::template).wide(),
                        Column.text(
                                        "Selector",
                                        Jobs.SELECTOR_TEXT,
                                        o -> Workloads.selector(jobSpec(o).path("selector")))
                                .wide())
                .build();
    }

    private static String suspended(ObjectNode object) {
        var suspend = object.path("spec").path("suspend");
        return !suspend.isBoolean() ? "<unset>" : suspend.asBoolean() ? "True" : "False";
    }

    private static JsonNode jobSpec(JsonNode object) {
        return object.path("spec").path("jobTemplate").path("spec");
    }

    private static JsonNode template(JsonNode object) {
        return jobSpec(object).path("template");
    }

    private static final class Rules extends TemplateStrategy {
        Rules() {
            super("spec", "jobTemplate", "spec", "template");
        }

        @Override
        protected JsonNode template(JsonNode object) {
            return CronJobs.template(object);
        }

        @Override
        public void defaults(ObjectNode object) {
            var spec = object.withObjectProperty("spec");
            fill(spec, "concurrencyPolicy", "Allow");
            fill(spec, "suspend", false);
            fill(spec, "successfulJobsHistoryLimit", 3);
            fill(spec, "failedJobsHistoryLimit", 1);
            with(spec, "jobTemplate", template -> with(template, "spec", JobDefaults::template));
        }

        @Override
        protected void check(Field object, PodRules rules) {
            CronJobRules.create(object, rules);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            CronJobRules.check(
                    Field.of(object, errors).child("spec"), old.path("spec"), PodRules.template(template(old)));
            return errors;
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            var all = new ArrayList<String>(super.warnings(object, old));
            if (old != null && object.path("spec").path("schedule").asText("").contains("TZ")) {
                all.add("cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see"
                        + " https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details");
            }
            return all;
        }

        @Override
        protected List<String> nameWarnings(ObjectNode object) {
            var all = new ArrayList<>(super.nameWarnings(object));
            all.addAll(Jobs.sizeWarnings("spec.jobTemplate.spec", jobSpec(object)));
            return all;
        }
    }
}
