package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.List;
import java.util.regex.Pattern;

/** What pods say for Windows, and what each operating system does not know. */
final class WindowsValidation {
    private static final int LONGEST_CREDENTIAL_KIB = 64;
    private static final int LONGEST_DOMAIN = 256;
    private static final int LONGEST_USER = 104;
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f]");
    private static final Pattern NET_BIOS = Pattern.compile("[^\\\\/:\\*\\?\"<>|\\.][^\\\\/:\\*\\?\"<>|]{0,14}");
    private static final String DNS_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
    private static final Pattern DNS_DOMAIN = Pattern.compile(DNS_LABEL + "(?:\\." + DNS_LABEL + ")*");
    private static final Pattern BAD_USER_CHARACTERS = Pattern.compile("[\"/\\\\:;|=,\\+\\*\\?<>@\\[\\]]");
    private static final Pattern ONLY_DOTS_AND_SPACES = Pattern.compile("[\\. ]+");
    private static final String NOT_WINDOWS = "cannot be set for a windows pod";
    private static final String NOT_LINUX = "windows options cannot be set for a linux pod";

    /** Fields of a pod's spec and its security context that Windows does not know, in upstream's order. */
    private static final List<String> LINUX_POD = List.of(
            "securityContext.appArmorProfile",
            "securityContext.seLinuxOptions",
            "hostUsers",
            "hostPID",
            "hostIPC",
            "securityContext.seccompProfile",
            "securityContext.fsGroup",
            "securityContext.fsGroupChangePolicy",
            "securityContext.sysctls",
            "shareProcessNamespace",
            "securityContext.runAsUser",
            "securityContext.runAsGroup",
            "securityContext.supplementalGroups",
            "securityContext.supplementalGroupsPolicy",
            "securityContext.seLinuxChangePolicy");

    private static final List<String> LINUX_CONTAINER = List.of(
            "appArmorProfile",
            "seLinuxOptions",
            "seccompProfile",
            "capabilities",
            "readOnlyRootFilesystem",
            "privileged",
            "allowPrivilegeEscalation",
            "procMount",
            "runAsUser",
            "runAsGroup");

    private WindowsValidation() {}

    /** core/v1 WindowsSecurityContextOptions. */
    static void options(Field options) {
        options.child("gmsaCredentialSpecName").ifPresent(name -> name.matches(LabelFormat::subdomain));
        options.child("gmsaCredentialSpec").ifPresent(spec -> {
            if (spec.isEmpty()) {
                spec.invalid("gmsaCredentialSpec cannot be an empty string");
            } else if (spec.text().length() > LONGEST_CREDENTIAL_KIB * 1024) {
                spec.invalid("gmsaCredentialSpec size must be under " + LONGEST_CREDENTIAL_KIB + " KiB");
            }
        });
        options.child("runAsUserName").ifPresent(WindowsValidation::userName);
    }

    private static void userName(Field name) {
        String[] parts = name.text().split("\\\\", -1);
        if (name.isEmpty()) {
            name.invalid("runAsUserName cannot be an empty string");
        } else if (CONTROL.matcher(name.text()).find()) {
            name.invalid("runAsUserName cannot contain control characters");
        } else if (parts.length > 2) {
            name.invalid("runAsUserName cannot contain more than one backslash");
        } else {
            if (parts.length == 2) {
                domain(name, parts[0]);
            }
            user(name, parts[parts.length - 1]);
        }
    }

    private static void domain(Field name, String domain) {
        if (domain.length() >= LONGEST_DOMAIN) {
            name.invalid("runAsUserName's Domain length must be under " + LONGEST_DOMAIN + " characters");
        }
        if (!NET_BIOS.matcher(domain).matches() && !DNS_DOMAIN.matcher(domain).matches()) {
            name.invalid("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
        }
    }

    private static void user(Field name, String user) {
        if (user.isEmpty()) {
            name.invalid("runAsUserName's User cannot be empty");
        } else if (user.length() > LONGEST_USER) {
            name.invalid("runAsUserName's User length must not be longer than " + LONGEST_USER + " characters");
        }
        if (ONLY_DOTS_AND_SPACES.matcher(user).matches()) {
            name.invalid("runAsUserName's User cannot contain only periods or spaces");
        }
        if (BAD_USER_CHARACTERS.matcher(user).find()) {
            name.invalid("runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]");
        }
    }

    /** Containers with the rights of the host's processes: all or none, and in its network. */
    static void hostProcesses(Field spec) {
        var ofPod = spec.child("securityContext", "windowsOptions").child("hostProcess");
        int hosted = 0;
        var containers = Containers.fields(spec);
        for (var container : containers) {
            var own = container.child("securityContext", "windowsOptions").child("hostProcess");
            if (ofPod.present() && own.present() && ofPod.isTrue() != own.isTrue()) {
                own.invalid("pod hostProcess value must be identical if both are specified, was " + ofPod.isTrue());
            }
            if (own.present() ? own.isTrue() : ofPod.isTrue()) {
                hosted++;
            }
        }
        if (hosted == 0) {
            return;
        }
        if (hosted != containers.size()) {
            spec.invalid(
                    "",
                    "If pod contains any hostProcess containers then all containers must be HostProcess containers");
        }
        if (!spec.child("hostNetwork").isTrue()) {
            spec.child("hostNetwork")
                    .invalid(false, "hostNetwork must be true if pod contains any hostProcess containers");
        }
    }

    /** A pod that names its operating system says nothing that this does not know. */
    static void operatingSystem(Field spec) {
        var os = spec.child("os");
        if (!os.present()) {
            return;
        }
        var name = os.child("name");
        if (name.isEmpty()) {
            name.required("");
        } else if (name.is("linux")) {
            linux(spec);
        } else if (name.is("windows")) {
            windows(spec);
        } else {
            name.placedAt(os.path()).notSupported(List.of("linux", "windows"));
        }
    }

    private static void linux(Field spec) {
        spec.child("securityContext", "windowsOptions").ifPresent(options -> options.forbidden(NOT_LINUX));
        for (var container : Containers.fields(spec)) {
            container.child("securityContext", "windowsOptions").ifPresent(options -> options.forbidden(NOT_LINUX));
        }
    }

    private static void windows(Field spec) {
        for (String field : LINUX_POD) {
            int dot = field.indexOf('.');
            var at = dot < 0 ? spec.child(field) : spec.child(field.substring(0, dot), field.substring(dot + 1));
            boolean flag = field.equals("hostPID") || field.equals("hostIPC");
            if (flag ? at.isTrue() : at.present()) {
                at.forbidden(NOT_WINDOWS);
            }
        }
        for (var container : Containers.fields(spec)) {
            for (String field : LINUX_CONTAINER) {
                container.child("securityContext", field).ifPresent(f -> f.forbidden(NOT_WINDOWS));
            }
        }
    }
}
