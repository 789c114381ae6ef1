package carport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jacoco.agent.rt.RT;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.IMethodCoverage;
import org.jacoco.core.tools.ExecFileLoader;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Counts the public methods of the SDK that were really run, and names the others. */
public final class Methods implements LauncherSessionListener {
    private static final String SDK = "com/smartcar/sdk/";

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        try {
            Files.createDirectories(Path.of("target"));
            Files.writeString(Path.of("target/methods.txt"), report());
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        } catch (ReflectiveOperationException error) {
            throw new IllegalStateException(error);
        }
    }

    private static String report() throws IOException, ReflectiveOperationException {
        Path jar = Path.of(com.smartcar.sdk.Smartcar.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        CoverageBuilder coverage = new CoverageBuilder();
        ExecFileLoader run = new ExecFileLoader();
        run.load(new java.io.ByteArrayInputStream(RT.getAgent().getExecutionData(false)));
        Analyzer analyzer = new Analyzer(run.getExecutionDataStore(), coverage);
        List<String> classes = new ArrayList<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements();) {
                JarEntry entry = entries.nextElement();
                if (entry.getName().startsWith(SDK) && entry.getName().endsWith(".class")) {
                    classes.add(entry.getName().replace(".class", "").replace('/', '.'));
                    analyzer.analyzeClass(file.getInputStream(entry), entry.getName());
                }
            }
        }
        Set<String> called = new TreeSet<>();
        coverage.getClasses().forEach(one -> one.getMethods().stream()
                .filter(method -> method.getInstructionCounter().getCoveredCount() > 0)
                .forEach(method -> called.add(name(one.getName(), method))));
        Set<String> all = new TreeSet<>();
        for (String one : classes) {
            all.addAll(publicMethods(Class.forName(one)));
        }
        Set<String> left = new TreeSet<>(all);
        left.removeAll(called);
        StringBuilder report = new StringBuilder();
        left.forEach(method -> report.append("not called: ").append(method).append('\n'));
        return report.append(all.size() - left.size()).append(" / ").append(all.size())
                .append(" public methods of the Java SDK called\n").toString();
    }

    private static Set<String> publicMethods(Class<?> type) {
        Set<String> names = new TreeSet<>();
        if (!Modifier.isPublic(type.getModifiers()) || type.isEnum()) {
            return names;
        }
        for (Method method : type.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers()) && !method.isSynthetic()) {
                String signature = MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                        .toMethodDescriptorString();
                names.add(type.getName().replace('.', '/') + "." + method.getName() + signature);
            }
        }
        return names;
    }

    private static String name(String type, IMethodCoverage method) {
        return type + "." + method.getName() + method.getDesc();
    }
}
