package io.pilothouse.apiserver.kinds.pod;

import java.util.Locale;
import java.util.regex.Pattern;

/** The names of images, as container runtimes read them: {@code [domain/]path[:tag][@digest]}. */
final class ImageName {
    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final String PATH = COMPONENT + "(?:/" + COMPONENT + ")*";
    private static final String DOMAIN_PART = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    private static final String DOMAIN =
            "(?:" + DOMAIN_PART + "(?:\\." + DOMAIN_PART + ")*|\\[(?:[a-fA-F0-9:]+)\\])(?::[0-9]+)?";
    private static final Pattern REFERENCE = Pattern.compile(
            "(" + DOMAIN + "/)?(" + PATH
                    + ")(?::([\\w][\\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?");
    private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");
    private static final int LONGEST = 255;

    private ImageName() {}

    /** The tag, {@code latest} where neither a tag nor a digest is given; empty for one with a digest alone and for what is no name. */
    static String tag(String image) {
        if (image.length() > 4 * LONGEST || IDENTIFIER.matcher(image).matches()) {
            return "";
        }
        var match = REFERENCE.matcher(normalized(image));
        if (!match.matches()) {
            return "";
        }
        String domain = match.group(1) == null ? "" : match.group(1);
        String tag = match.group(3) == null ? "" : match.group(3);
        boolean digest = match.group(4) != null;
        if (domain.length() + match.group(2).length() > LONGEST) {
            return "";
        }
        return tag.isEmpty() && !digest ? "latest" : tag;
    }

    /** The first part is a domain if it looks like one; all else lies on Docker's hub. */
    private static String normalized(String image) {
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        boolean domain = first.indexOf('.') >= 0
                || first.indexOf(':') >= 0
                || first.equals("localhost")
                || !first.equals(first.toLowerCase(Locale.ROOT));
        if (domain) {
            return image;
        }
        return "docker.io/" + (slash < 0 ? "library/" : "") + image;
    }
}
