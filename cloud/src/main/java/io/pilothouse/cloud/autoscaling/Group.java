package io.pilothouse.cloud.autoscaling;

import java.util.List;

/**
 * An Auto Scaling group.
 *
 * @param template a launch template's id
 * @param version its version, or {@code $Latest} or {@code $Default}
 * @param deleting whether it goes away once its instances are gone
 */
public record Group(
        String name,
        String arn,
        int min,
        int max,
        int desired,
        String template,
        String version,
        List<String> subnets,
        List<Tag> tags,
        long createdMillis,
        boolean deleting) {

    /** A tag, and whether instances get it too. */
    public record Tag(String key, String value, boolean propagate) {}

    /** The same with other sizes. */
    public Group sized(int newMin, int newMax, int newDesired) {
        return new Group(
                name, arn, newMin, newMax, newDesired, template, version, subnets, tags, createdMillis, deleting);
    }

    /** The same with another template. */
    public Group launching(String newTemplate, String newVersion) {
        return new Group(name, arn, min, max, desired, newTemplate, newVersion, subnets, tags, createdMillis, deleting);
    }

    /** The same in other subnets. */
    public Group in(List<String> newSubnets) {
        return new Group(name, arn, min, max, desired, template, version, newSubnets, tags, createdMillis, deleting);
    }

    /** The same with other tags. */
    public Group tagged(List<Tag> newTags) {
        return new Group(name, arn, min, max, desired, template, version, subnets, newTags, createdMillis, deleting);
    }

    /** The same on its way out. */
    public Group ended() {
        return new Group(name, arn, 0, max, 0, template, version, subnets, tags, createdMillis, true);
    }
}
