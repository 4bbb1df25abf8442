package io.pilothouse.worker.image;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pilothouse node build-images}: writes the tarballs of {@link HostImages}. */
@Command(
        name = "build-images",
        mixinStandardHelpOptions = true,
        description = "Builds the pause and sample images from this host's static busybox.")
public final class BuildImagesCommand implements Callable<Integer> {
    @Option(names = "--output", required = true, description = "The folder to write to.")
    private Path output = Path.of("");

    @Option(names = "--busybox", defaultValue = "/bin/busybox", description = "A statically linked busybox.")
    private Path busybox = Path.of("/bin/busybox");

    @Override
    public Integer call() throws Exception {
        for (Path written : new HostImages(busybox).write(output)) {
            System.out.println(written);
        }
        return 0;
    }
}
