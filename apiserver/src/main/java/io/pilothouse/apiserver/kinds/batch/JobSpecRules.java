package io.pilothouse.apiserver.kinds.batch;

import io.pilothouse.apiserver.kinds.WorkloadRules;
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.apiserver.kinds.pod.PodRules;
import io.pilothouse.apiserver.kinds.pod.TemplateValidation;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.List;
import java.util.regex.Pattern;

/** What must hold for a batch/v1 JobSpec, of a job and of the template of a cron job's jobs, but for the selector. */
final class JobSpecRules {
    static final String INDEXED = "Indexed";

    private static final long MAX_PARALLELISM = 100_000;
    private static final long MAX_FAILED_INDEXES = 100_000;
    private static final long MANY_COMPLETIONS = 100_000;
    private static final long MAX_OF_MANY = 10_000;
    private static final int LONGEST_MANAGER = 63;
    private static final String HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
    private static final Pattern HTTP_PATH_PATTERN = Pattern.compile(HTTP_PATH);

    private JobSpecRules() {}

    static void check(Field spec, PodRules rules) {
        WorkloadRules.notNegative(
                spec,
                "parallelism",
                "completions",
                "activeDeadlineSeconds",
                "backoffLimit",
                "ttlSecondsAfterFinished",
                "backoffLimitPerIndex",
                "maxFailedIndexes");
        var perIndex = spec.child("backoffLimitPerIndex");
        if (spec.child("maxFailedIndexes").present() && !perIndex.present()) {
            perIndex.required("when maxFailedIndexes is specified");
        }
        spec.child("managedBy").ifPresent(JobSpecRules::manager);
        var mode = spec.child("completionMode");
        mode.ifPresent(m -> m.oneOf("NonIndexed", INDEXED));
        if (mode.is(INDEXED)) {
            indexed(spec);
        } else if (!mode.present() || mode.is("NonIndexed")) {
            for (String field : List.of("backoffLimitPerIndex", "maxFailedIndexes")) {
                spec.child(field).ifPresent(f -> f.invalid("requires indexed completion mode"));
            }
        }
        spec.child("podFailurePolicy").ifPresent(policy -> JobPolicies.failure(policy, spec));
        spec.child("successPolicy").ifPresent(policy -> {
            if (mode.is(INDEXED)) {
                JobPolicies.success(policy, spec.child("completions").number());
            } else {
                policy.invalid(InternalForm.of("SuccessPolicy", policy.value()), "requires indexed completion mode");
            }
        });
        replacement(spec);
        TemplateValidation.check(spec.child("template"), rules);
        restartPolicy(spec);
    }

    /** Whoever else runs the job: a domain and a path. */
    private static void manager(Field manager) {
        String text = manager.text();
        int slash = text.indexOf('/');
        if (text.isEmpty()) {
            manager.required("");
        } else if (slash <= 0 || slash == text.length() - 1) {
            manager.invalid("must be a domain-prefixed path (such as \"acme.io/foo\")");
        } else {
            String domain = text.substring(0, slash);
            LabelFormat.subdomain(domain).forEach(problem -> manager.invalid(domain, problem));
            String path = text.substring(slash + 1);
            if (!HTTP_PATH_PATTERN.matcher(path).matches()) {
                manager.invalid(path, LabelFormat.regexError("Invalid path", HTTP_PATH));
            }
        }
        if (text.length() > LONGEST_MANAGER) {
            manager.add(FieldError.tooLong(manager.path(), LONGEST_MANAGER));
        }
    }

    private static void indexed(Field spec) {
        var completions = spec.child("completions");
        var parallelism = spec.child("parallelism");
        var failed = spec.child("maxFailedIndexes");
        if (!completions.present()) {
            completions.required("when completion mode is Indexed");
        }
        atMost(parallelism, MAX_PARALLELISM, " when completion mode is Indexed");
        if (completions.present() && failed.number() > completions.number()) {
            failed.invalid("must be less than or equal to completions");
        }
        atMost(failed, MAX_FAILED_INDEXES, "");
        if (completions.number() > MANY_COMPLETIONS
                && spec.child("backoffLimitPerIndex").present()) {
            if (!failed.present()) {
                failed.required("must be specified when completions is above " + MANY_COMPLETIONS);
            }
            String when = " when completions are above " + MANY_COMPLETIONS + " and used with backoff limit per index";
            atMost(parallelism, MAX_OF_MANY, when);
            atMost(failed, MAX_OF_MANY, when);
        }
    }

    private static void atMost(Field number, long most, String when) {
        if (number.number() > most) {
            number.invalid("must be less than or equal to " + most + when);
        }
    }

    private static void replacement(Field spec) {
        spec.child("podReplacementPolicy").ifPresent(policy -> {
            if (spec.child("podFailurePolicy").present()) {
                policy.oneOf("Failed");
            } else {
                policy.oneOf("Failed", "TerminatingOrFailed");
            }
        });
    }

    private static void restartPolicy(Field spec) {
        var policy = spec.child("template", "spec").child("restartPolicy");
        if (policy.isEmpty() || policy.is("Always")) {
            policy.required("valid values: \"OnFailure\", \"Never\"");
        } else if (policy.oneOf("OnFailure", "Never")
                && spec.child("podFailurePolicy").present()
                && !policy.is("Never")) {
            policy.invalid("only \"Never\" is supported when podFailurePolicy is specified");
        }
    }
}
