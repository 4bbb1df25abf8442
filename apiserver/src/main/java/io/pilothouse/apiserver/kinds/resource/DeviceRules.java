package io.pilothouse.apiserver.kinds.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.field.TextFormat;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Rules that the kinds of resource.k8s.io share: names of drivers, pools and attributes, lists without duplicates. */
final class DeviceRules {
    private static final int LONGEST_DRIVER = 63;
    private static final int LONGEST_POOL = 253;
    private static final int LONGEST_ID = 32;
    private static final Pattern UID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private DeviceRules() {}

    /** Checks each element, unless there are too many. */
    static boolean list(Field list, int max, Consumer<Field> element) {
        if (max >= 0 && list.size() > max) {
            list.add(FieldError.tooMany(list.path(), list.size(), max));
            return false;
        }
        list.each(element);
        return true;
    }

    /** The same for elements that must differ in a key. */
    static void set(Field list, int max, Consumer<Field> element, Function<Field, String> key) {
        if (list(list, max, element)) {
            var seen = new HashSet<String>();
            list.each(item -> {
                if (!seen.add(key.apply(item))) {
                    item.duplicate(key.apply(item));
                }
            });
        }
    }

    static void driver(Field driver) {
        if (!driver.mustExist()) {
            return;
        }
        if (driver.text().length() > LONGEST_DRIVER) {
            driver.add(FieldError.tooLong(driver.path(), LONGEST_DRIVER));
        }
        LabelFormat.subdomain(driver.text().toLowerCase(Locale.ROOT)).forEach(driver::invalid);
    }

    static void pool(Field pool) {
        if (!pool.mustExist()) {
            return;
        }
        if (pool.text().length() > LONGEST_POOL) {
            pool.add(FieldError.tooLong(pool.path(), LONGEST_POOL));
        }
        for (String part : pool.text().split("/", -1)) {
            LabelFormat.subdomain(part).forEach(problem -> pool.invalid(part, problem));
        }
    }

    /** The name of an attribute or a capacity, perhaps below a domain; mistakes are told at the map that it is a key of. */
    static void qualified(Field told, String name) {
        var parts = name.split("/", -1);
        if (parts.length == 1) {
            identifier(told, parts[0]);
        } else if (parts.length == 2) {
            if (parts[0].isEmpty()) {
                told.invalid("", "the domain must not be empty");
            } else {
                driver(Field.at(Json.valueOf(parts[0]), told.path(), told.errors()));
            }
            if (parts[1].isEmpty()) {
                told.invalid("", "the name must not be empty");
            } else {
                identifier(told, parts[1]);
            }
        }
    }

    private static void identifier(Field told, String id) {
        if (id.length() > LONGEST_ID) {
            told.add(FieldError.tooLong(told.path(), LONGEST_ID));
        }
        TextFormat.identifier(id).forEach(problem -> told.invalid(id, problem));
    }

    static void fullyQualified(Field name) {
        qualified(name, name.text());
        if (!name.text().contains("/")) {
            name.invalid("a fully qualified name must be a domain and a name separated by a slash");
        }
    }

    static void uid(Field uid) {
        if (!UID.matcher(uid.text()).matches()) {
            uid.invalid(
                    "uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal"
                            + " characters");
        }
    }

    /** A JSON object of anybody's. */
    static void raw(Field raw, int longest) {
        JsonNode value = raw.value();
        if (value.isMissingNode() || value.isNull()) {
            raw.required("");
        } else if (Json.write(value).length > longest) {
            raw.add(FieldError.tooLong(raw.path(), longest));
        } else if (!value.isObject()) {
            raw.invalid("<value omitted>", "must be a valid JSON object");
        }
    }

    /** The conditions that must hold, or must not, before a device can be used. */
    static void bindings(Field device) {
        var wanted = device.child("bindingConditions");
        var unwanted = device.child("bindingFailureConditions");
        list(wanted, 4, condition -> condition.matches(LabelFormat::key));
        list(unwanted, 4, condition -> condition.matches(LabelFormat::key));
        var first = new HashSet<String>();
        wanted.each(condition -> {
            if (!first.add(condition.text())) {
                condition.duplicate();
            }
        });
        var second = new HashSet<String>();
        unwanted.each(condition -> {
            if (!second.add(condition.text())) {
                condition.duplicate();
            }
            if (first.contains(condition.text())) {
                condition.invalid("bindingFailureConditions must not overlap with bindingConditions");
            }
        });
        if (wanted.isEmpty() && !unwanted.isEmpty()) {
            wanted.invalid(List.of(), "bindingConditions are required to use bindingFailureConditions");
        }
        if (unwanted.isEmpty() && !wanted.isEmpty()) {
            unwanted.invalid(List.of(), "bindingFailureConditions are required to use bindingConditions");
        }
    }
}
