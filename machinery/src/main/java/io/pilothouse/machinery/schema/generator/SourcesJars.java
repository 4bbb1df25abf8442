package io.pilothouse.machinery.schema.generator;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The Java sources in the sources jars that stand on the class path. */
final class SourcesJars {
    private SourcesJars() {}

    /**
     * The texts of source files.
     *
     * @param jarName the beginning of the jars' names
     * @param folder where in a jar the files stand; the keys are their names below it
     */
    static Map<String, String> read(String jarName, String folder) throws IOException {
        Map<String, String> out = new HashMap<>();
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        for (URL url : Collections.list(loader.getResources("META-INF/MANIFEST.MF"))) {
            String jar = url.getPath();
            if (jar.contains("/" + jarName) && jar.contains("-sources.jar!")) {
                try (JarFile file = new JarFile(
                        Path.of(URI.create(jar.substring(0, jar.indexOf('!')))).toFile())) {
                    collect(file, folder, out);
                }
            }
        }
        return out;
    }

    private static void collect(JarFile file, String folder, Map<String, String> out) throws IOException {
        for (JarEntry entry : Collections.list(file.entries())) {
            String name = entry.getName();
            int at = name.indexOf(folder);
            if (at >= 0 && name.endsWith(".java") && !name.endsWith("Builder.java") && !name.endsWith("Fluent.java")) {
                out.put(
                        name.substring(at + folder.length()),
                        new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }

    /** Puts back what Javadoc cannot have as it is. */
    static String unescape(String javadoc) {
        return javadoc.replace("&#47;", "/")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#64;", "@")
                .replace("&#42;", "*")
                .replace("&#39;", "'")
                .replace("&#x60;", "`")
                .replace("&#x3D;", "=")
                .replace("&amp;", "&");
    }
}
