package io.pilothouse.launcher;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Gives the classes of a jar the format of Java 8, with stack maps, where theirs is older: an ahead-of-time cache takes none that the JVM can only
 * verify by the old verifier, so that they would be loaded and verified at every start. What the classes do stays as it is.
 */
final class NewClassFiles {
    private NewClassFiles() {}

    public static void main(String[] args) throws IOException {
        var jar = Path.of(args[0]);
        try (var old = new ZipFile(jar.toFile());
                var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
            var entries = old.stream().toList();
            boolean any = false;
            for (var entry : entries) {
                any |= isOld(entry, old.getInputStream(entry).readAllBytes());
            }
            if (!any) {
                return;
            }
            var files = ClassFile.of(
                    ClassFile.ConstantPoolSharingOption.NEW_POOL,
                    ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofClassLoading(loader)));
            var content = new ByteArrayOutputStream();
            try (var out = new ZipOutputStream(content)) {
                for (var entry : entries) {
                    byte[] bytes = old.getInputStream(entry).readAllBytes();
                    var copy = new ZipEntry(entry.getName());
                    copy.setTime(entry.getTime());
                    out.putNextEntry(copy);
                    out.write(isOld(entry, bytes) ? renewed(files, bytes) : bytes);
                }
            }
            var made = Files.write(jar.resolveSibling(jar.getFileName() + ".new"), content.toByteArray());
            Files.move(made, jar, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static boolean isOld(ZipEntry entry, byte[] bytes) {
        return entry.getName().endsWith(".class") && ByteBuffer.wrap(bytes).getShort(6) < ClassFile.JAVA_8_VERSION;
    }

    /** Its code is written anew, element by element, which is when stack maps are made. */
    private static byte[] renewed(ClassFile files, byte[] bytes) {
        ClassTransform version = (builder, element) -> builder.with(
                element instanceof ClassFileVersion ? ClassFileVersion.of(ClassFile.JAVA_8_VERSION, 0) : element);
        return files.transformClass(
                files.parse(bytes), version.andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)));
    }
}
