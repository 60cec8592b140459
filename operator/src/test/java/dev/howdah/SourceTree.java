// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import dev.howdah.api.v1alpha1.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** This repository as files, for the tests that read sources, poms and documentation. */
public final class SourceTree {
    /** Where the compiled main classes of the operator are. */
    static final Path CLASSES = Path.of(URI.create(
            Reason.class.getProtectionDomain().getCodeSource().getLocation().toString()));

    static final Path MODULE = CLASSES.getParent().getParent();
    public static final Path REPOSITORY = MODULE.getParent();
    static final Path SOURCES = MODULE.resolve("src/main/java");

    private SourceTree() {}

    /** A string literal (or text block) of a main source. */
    record Literal(Path file, long line, String text) {}

    /** Every file below the folder whose name ends so, build output left out. */
    public static List<Path> files(Path folder, String suffix) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .filter(file -> !folder.relativize(file).toString().matches("(.*/)?target/.*"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The string literals of these sources, as javac reads them: no comment is mistaken for one. */
    static List<Literal> literals(List<Path> sources) {
        if (sources.isEmpty()) {
            return List.of();
        }
        var literals = new ArrayList<Literal>();
        var javac = ToolProvider.getSystemJavaCompiler();
        try (var files = javac.getStandardFileManager(null, null, null)) {
            var task = (JavacTask) javac.getTask(
                    null, files, _ -> {}, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            for (CompilationUnitTree unit : task.parse()) {
                var lines = unit.getLineMap();
                var file = Path.of(unit.getSourceFile().toUri());
                unit.accept(
                        new TreeScanner<Void, Void>() {
                            @Override
                            public Void visitLiteral(LiteralTree literal, Void unused) {
                                if (literal.getValue() instanceof String text) {
                                    long position = Trees.instance(task)
                                            .getSourcePositions()
                                            .getStartPosition(unit, literal);
                                    literals.add(new Literal(file, lines.getLineNumber(position), text));
                                }
                                return null;
                            }
                        },
                        null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return literals;
    }
}
