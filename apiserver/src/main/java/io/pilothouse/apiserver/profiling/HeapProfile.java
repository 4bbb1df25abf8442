package io.pilothouse.apiserver.profiling;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** What the heap holds, class by class. The virtual machine stands still while it counts. */
final class HeapProfile {
    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");

    private final Clock clock;

    HeapProfile(Clock clock) {
        this.clock = clock;
    }

    /**
     * As the virtual machine prints it.
     *
     * @param collect whether what nobody holds is thrown away first
     */
    String text(boolean collect) throws IOException {
        String[] options = collect ? new String[0] : new String[] {"-all"};
        try {
            return (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {options},
                            new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new IOException("the heap cannot be counted", e);
        }
    }

    byte[] profile(boolean collect) throws IOException {
        var profile = new Profile(
                new Profile.Kind("space", "bytes"),
                1,
                new Profile.Kind("inuse_objects", "count"),
                new Profile.Kind("inuse_space", "bytes"));
        text(collect).lines().map(LINE::matcher).filter(line -> line.matches()).forEach(line -> {
            var type = new Frame(line.group(3), "", 0);
            profile.add(List.of(type), Long.parseLong(line.group(1)), Long.parseLong(line.group(2)));
        });
        return profile.gzipped(clock.instant(), Duration.ZERO);
    }
}
