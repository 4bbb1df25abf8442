package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.TextFormat;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The security contexts of pods and containers. */
final class SecurityValidation {
    private static final String SYSCTL_SEGMENT = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
    private static final String SYSCTL = "^(" + SYSCTL_SEGMENT + "[\\./])*" + SYSCTL_SEGMENT + "$";
    private static final Pattern SYSCTL_PATTERN = Pattern.compile(SYSCTL);
    private static final int LONGEST_SYSCTL = 253;
    private static final String IPC = "ipc";
    private static final String NET = "net";
    /** The kernel settings that a namespace has its own of. */
    private static final Map<String, String> NAMESPACES = Map.of(
            "kernel.sem", IPC,
            "kernel.shmall", IPC,
            "kernel.shmmax", IPC,
            "kernel.shmmni", IPC,
            "kernel.shm_rmid_forced", IPC,
            "kernel.shm", IPC,
            "kernel.msgmax", IPC,
            "kernel.msgmnb", IPC,
            "kernel.msgmni", IPC,
            "kernel.msg", IPC);

    private SecurityValidation() {}

    /** A container's; whether privileged containers are allowed at all is asked by admission. */
    static void container(Field context, boolean hostUsers) {
        if (!context.present()) {
            return;
        }
        ifGiven(context.child("runAsUser"));
        ifGiven(context.child("runAsGroup"));
        var procMount = context.child("procMount");
        if (procMount.present()) {
            procMount.oneOf("Default", "Unmasked");
            if (hostUsers && procMount.is("Unmasked")) {
                procMount.invalid("`hostUsers` must be false to use `Unmasked`");
            }
        }
        ProfileRules.seccomp(context.child("seccompProfile"));
        escalation(context);
        WindowsValidation.options(context.child("windowsOptions"));
        ProfileRules.appArmor(context.child("appArmorProfile"));
    }

    private static void ifGiven(Field id) {
        id.ifPresent(i -> i.hasNumber(TextFormat::userId));
    }

    private static void escalation(Field context) {
        var escalation = context.child("allowPrivilegeEscalation");
        if (!escalation.present() || escalation.isTrue()) {
            return;
        }
        var shown = InternalForm.of("SecurityContext", context.value());
        if (context.child("privileged").isTrue()) {
            context.invalid(shown, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
        }
        context.child("capabilities", "add").each(capability -> {
            if (capability.is("CAP_SYS_ADMIN")) {
                context.invalid(
                        shown, "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
            }
        });
    }

    static void pod(Field spec, PodRules rules) {
        var context = spec.child("securityContext");
        ifGiven(context.child("fsGroup"));
        ifGiven(context.child("runAsUser"));
        ifGiven(context.child("runAsGroup"));
        context.child("supplementalGroups").each(group -> group.hasNumber(TextFormat::userId));
        // This one stands beside the context in v1, upstream checks it as part of it.
        var share = spec.child("shareProcessNamespace").placedAt(context.path().child("shareProcessNamespace"));
        if (share.isTrue() && spec.child("hostPID").isTrue()) {
            share.invalid("ShareProcessNamespace and HostPID cannot both be enabled");
        }
        sysctls(spec, context.child("sysctls"), rules);
        context.child("fsGroupChangePolicy").ifPresent(policy -> policy.oneOf("Always", "OnRootMismatch"));
        ProfileRules.seccomp(context.child("seccompProfile"));
        WindowsValidation.options(context.child("windowsOptions"));
        ProfileRules.appArmor(context.child("appArmorProfile"));
        context.child("supplementalGroupsPolicy").ifPresent(policy -> policy.oneOf("Merge", "Strict"));
        context.child("seLinuxChangePolicy").ifPresent(policy -> {
            if (rules.allows(Allowance.SELINUX_CHANGE_POLICIES)) {
                policy.oneOf("MountOption", "Recursive");
            } else {
                policy.oneOf("Recursive");
            }
        });
    }

    private static void sysctls(Field spec, Field sysctls, PodRules rules) {
        var seen = new HashSet<String>();
        sysctls.each(sysctl -> {
            var name = sysctl.child("name");
            String text = name.text();
            if (name.mustExist()) {
                if (text.length() > LONGEST_SYSCTL
                        || !SYSCTL_PATTERN.matcher(text).matches()) {
                    name.invalid("must have at most " + LONGEST_SYSCTL + " characters and match regex " + SYSCTL);
                } else if (seen.contains(text)) {
                    name.duplicate();
                }
            }
            if (!rules.allows(Allowance.HOST_SYSCTLS)) {
                String field = hostNamespaceOf(text, spec.value());
                if (!field.isEmpty()) {
                    name.invalid(text, "may not be specified when '" + field + "' is true");
                }
            }
            seen.add(text);
        });
    }

    /** The field that makes a setting the host's; empty for none. */
    private static String hostNamespaceOf(String sysctl, JsonNode spec) {
        String namespace = namespaceOf(sysctl);
        if (namespace.equals(NET) && spec.path("hostNetwork").asBoolean()) {
            return "hostNetwork";
        }
        return namespace.equals(IPC) && spec.path("hostIPC").asBoolean() ? "hostIPC" : "";
    }

    private static String namespaceOf(String sysctl) {
        String name = normalized(sysctl);
        int star = name.indexOf('*');
        if (star >= 0) {
            name = name.substring(0, star);
        }
        if (name.startsWith("net.")) {
            return NET;
        }
        return name.startsWith("fs.mqueue.") ? IPC : NAMESPACES.getOrDefault(name, "");
    }

    /** A name may be written with slashes for dots; the first one tells. */
    private static String normalized(String name) {
        int dot = name.indexOf('.');
        int slash = name.indexOf('/');
        if (slash < 0 || (dot >= 0 && dot < slash)) {
            return name;
        }
        var out = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            out.append(c == '/' ? '.' : c == '.' ? '/' : c);
        }
        return out.toString();
    }

    /** Whether a setting is the host's. */
    static boolean hasHostSysctl(JsonNode spec) {
        for (var sysctl : spec.path("securityContext").path("sysctls")) {
            if (!hostNamespaceOf(sysctl.path("name").asText(""), spec).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** What a pod with users of its own may not share with the host. */
    static void userNamespace(Field spec, PodRules rules) {
        var users = spec.child("hostUsers");
        if (!users.present() || users.isTrue()) {
            return;
        }
        String words = "when `hostUsers` is false";
        if (!rules.allows(Allowance.HOST_NETWORK_OF_USER_NAMESPACES)
                && spec.child("hostNetwork").isTrue()) {
            spec.child("hostNetwork").forbidden(words);
        }
        for (String field : List.of("hostPID", "hostIPC")) {
            if (spec.child(field).isTrue()) {
                // Upstream writes these two with a capital.
                spec.child(field)
                        .placedAt(spec.path().child("H" + field.substring(1)))
                        .forbidden(words);
            }
        }
        if (!rules.allows(Allowance.DEVICES_OF_USER_NAMESPACES)) {
            for (var container : Containers.fields(spec)) {
                if (!container.child("volumeDevices").isEmpty()) {
                    container.child("volumeDevices").forbidden(words);
                }
            }
        }
    }
}
