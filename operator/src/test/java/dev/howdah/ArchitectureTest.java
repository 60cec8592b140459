// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessTargetWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.LocationProvider;
import com.tngtech.archunit.lang.ArchRule;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The walls of the house (docs/adr/0001-rooms-by-role.md). A rule whose room is still empty passes. */
@AnalyzeClasses(locations = ArchitectureTest.MainClasses.class, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** The operator's own classes: the test environment is on the class path too and has a house of its own. */
    static class MainClasses implements LocationProvider {
        @Override
        public Set<Location> get(Class<?> testClass) {
            return Set.of(Location.of(SourceTree.CLASSES));
        }
    }

    private static final String API = "dev.howdah.api..";
    private static final String POLICY = "dev.howdah.policy..";
    private static final String PLAN = "dev.howdah.plan..";
    private static final String POSTGRES = "dev.howdah.postgres..";
    private static final String ENGINE = "dev.howdah.engine..";
    private static final String RECONCILE = "dev.howdah.reconcile..";
    private static final String ADMISSION = "dev.howdah.admission..";
    private static final String CLI = "dev.howdah.cli..";
    private static final String APP = "dev.howdah.app..";

    /** What the API server refuses for a while would otherwise never be tried again, until somebody edits the object. */
    @ArchTest
    static final ArchRule reconcilers_never_give_up = classes()
            .that()
            .implement(Reconciler.class)
            .should()
            .beAnnotatedWith(DescribedPredicate.describe(
                    "@GradualRetry without an end",
                    annotation -> annotation.getRawType().isEquivalentTo(GradualRetry.class)
                            && annotation
                                    .get("maxAttempts")
                                    .filter(Integer.valueOf(Integer.MAX_VALUE)::equals)
                                    .isPresent()));

    @ArchTest
    static final ArchRule rooms_know_only_the_rooms_below = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("api")
            .definedBy(API)
            .layer("policy")
            .definedBy(POLICY)
            .layer("plan")
            .definedBy(PLAN)
            .layer("postgres")
            .definedBy(POSTGRES)
            .layer("engine")
            .definedBy(ENGINE)
            .layer("reconcile")
            .definedBy(RECONCILE)
            .layer("admission")
            .definedBy(ADMISSION)
            .layer("cli")
            .definedBy(CLI)
            .layer("app")
            .definedBy(APP)
            .whereLayer("api")
            .mayNotAccessAnyLayer()
            .whereLayer("policy")
            .mayOnlyAccessLayers("api")
            .whereLayer("plan")
            .mayOnlyAccessLayers("policy", "api")
            .whereLayer("postgres")
            .mayOnlyAccessLayers("plan", "policy", "api")
            .whereLayer("engine")
            .mayOnlyAccessLayers("api")
            .whereLayer("reconcile")
            .mayOnlyAccessLayers("engine", "postgres", "plan", "policy", "api")
            .whereLayer("admission")
            .mayOnlyAccessLayers("policy", "api")
            .whereLayer("cli")
            .mayOnlyAccessLayers("plan", "policy", "api")
            .whereLayer("app")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule every_class_has_a_room =
            classes().should().resideInAnyPackage(API, POLICY, PLAN, POSTGRES, ENGINE, RECONCILE, ADMISSION, CLI, APP);

    @ArchTest
    static final ArchRule no_cycle_of_rooms =
            slices().matching("dev.howdah.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule no_cycle_of_packages =
            slices().matching("dev.howdah.(**)").should().beFreeOfCycles().allowEmptyShould(true);

    /** What a pure room may use: an allow-list, so that no I/O, framework or JDBC gets in by a name nobody thought of. */
    private static final String[] PURE = {
        "java.lang",
        "java.lang.annotation",
        "java.lang.runtime",
        "java.math",
        "java.nio.charset",
        "java.time..",
        "java.util",
        "java.util.function",
        "java.util.regex",
        "java.util.stream",
        "org.jspecify.annotations",
        API,
    };

    /** Hashes of names: the only part of java.security that is a pure function. */
    private static final DescribedPredicate<JavaClass> DIGEST = DescribedPredicate.describe(
            "a message digest",
            type -> type.getPackageName().equals("java.security")
                    && Set.of("MessageDigest", "NoSuchAlgorithmException", "GeneralSecurityException")
                            .contains(type.getSimpleName()));

    /** Metadata, selectors: data without behaviour, which the kinds are made of. */
    private static final String KUBERNETES_DATA = "io.fabric8.kubernetes.api.model";

    private static final DescribedPredicate<JavaClass> CUSTOM_RESOURCE = DescribedPredicate.describe(
            "CustomResource", type -> type.getName().equals("io.fabric8.kubernetes.client.CustomResource"));

    private static DescribedPredicate<JavaClass> pureOr(String... more) {
        return resideInAnyPackage(
                        Stream.concat(Arrays.stream(PURE), Arrays.stream(more)).toArray(String[]::new))
                .or(DIGEST)
                .or(JavaClass.Predicates.type(Serializable.class))
                .or(DescribedPredicate.describe(
                        "an array of primitives", type -> type.getPackageName().isEmpty()));
    }

    @ArchTest
    static final ArchRule api_is_records_and_annotations = classes()
            .that()
            .resideInAPackage(API)
            .should()
            .onlyDependOnClassesThat(pureOr(
                            KUBERNETES_DATA,
                            "io.fabric8.kubernetes.model.annotation..",
                            "io.fabric8.generator.annotation..",
                            "io.fabric8.crd.generator.annotation..",
                            "io.fabric8.crdv2.generator..",
                            "com.fasterxml.jackson.annotation..")
                    .or(CUSTOM_RESOURCE))
            .allowEmptyShould(true);

    /** Reads the data files of PostgreSQL's parameters from the class path, once: the one hole in the pure rooms. */
    private static final String PARAMETER_FILE = "dev.howdah.policy.parameter.ParameterFile";

    @ArchTest
    static final ArchRule policy_is_pure = classes()
            .that()
            .resideInAPackage(POLICY)
            .and()
            .doNotHaveFullyQualifiedName(PARAMETER_FILE)
            .should()
            .onlyDependOnClassesThat(pureOr(POLICY, KUBERNETES_DATA).or(CUSTOM_RESOURCE))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule the_parameter_file_reads_its_resource_and_nothing_else = classes()
            .that()
            .haveFullyQualifiedName(PARAMETER_FILE)
            .should()
            .onlyDependOnClassesThat(pureOr(POLICY, "com.fasterxml.jackson..")
                    .or(JavaClass.Predicates.belongToAnyOf(
                            InputStream.class, IOException.class, UncheckedIOException.class)));

    @ArchTest
    static final ArchRule plan_is_pure = classes()
            .that()
            .resideInAPackage(PLAN)
            .should()
            .onlyDependOnClassesThat(pureOr(POLICY, PLAN))
            .allowEmptyShould(true);

    /** java.lang also holds doors to the outside. */
    @ArchTest
    static final ArchRule pure_rooms_do_not_reach_outside = noClasses()
            .that()
            .resideInAnyPackage(API, POLICY, PLAN)
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(
                    System.class,
                    Runtime.class,
                    ProcessBuilder.class,
                    ProcessHandle.class,
                    Thread.class,
                    ThreadLocal.class,
                    ClassLoader.class)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule policy_and_plan_are_data_and_functions = classes()
            .that()
            .resideInAnyPackage(POLICY, PLAN)
            .and(DescribedPredicate.describe("are named", type -> !type.isAnonymousClass()))
            .should()
            .beRecords()
            .orShould()
            .beEnums()
            .orShould()
            .beInterfaces()
            .orShould()
            .haveModifier(JavaModifier.FINAL)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule jdbc_only_in_postgres = noClasses()
            .that()
            .resideOutsideOfPackage(POSTGRES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "io.agroal..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule the_clock_is_injected = onlyApp("read the clock", ArchitectureTest::readsTheClock);

    @ArchTest
    static final ArchRule the_environment_is_injected =
            onlyApp("read the environment", ArchitectureTest::readsTheEnvironment);

    @ArchTest
    static final ArchRule randomness_is_injected = onlyApp("make randomness", ArchitectureTest::makesRandomness);

    private static ArchRule onlyApp(String what, Predicate<JavaAccess<?>> forbidden) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(APP)
                .should(accessTargetWhere(DescribedPredicate.describe(what, forbidden))
                        .as(what))
                .allowEmptyShould(true);
    }

    private static boolean readsTheClock(JavaAccess<?> access) {
        var owner = access.getTargetOwner();
        return switch (access.getName()) {
            case "now" ->
                owner.getPackageName().startsWith("java.time")
                        && access.getTarget() instanceof CodeUnitAccessTarget target
                        && target.getRawParameterTypes().stream().noneMatch(type -> type.isEquivalentTo(Clock.class));
            case "systemUTC", "systemDefaultZone", "system", "tickMillis", "tickSeconds", "tickMinutes" ->
                owner.isEquivalentTo(Clock.class);
            case "currentTimeMillis", "nanoTime" -> owner.isEquivalentTo(System.class);
            case "<init>" -> owner.isEquivalentTo(Date.class) || owner.isEquivalentTo(GregorianCalendar.class);
            default -> false;
        };
    }

    private static boolean readsTheEnvironment(JavaAccess<?> access) {
        return access.getTargetOwner().isEquivalentTo(System.class)
                && Set.of("getenv", "getProperty", "getProperties").contains(access.getName());
    }

    private static boolean makesRandomness(JavaAccess<?> access) {
        var owner = access.getTargetOwner();
        return switch (access.getName()) {
            case "<init>" ->
                owner.isAssignableTo(RandomGenerator.class)
                        && owner.getPackageName().startsWith("java.");
            case "random" -> owner.isEquivalentTo(Math.class);
            case "randomUUID" -> owner.isEquivalentTo(UUID.class);
            case "current" -> owner.isEquivalentTo(ThreadLocalRandom.class);
            case "getInstance", "getInstanceStrong" -> owner.isEquivalentTo(SecureRandom.class);
            case "of", "getDefault" -> owner.isEquivalentTo(RandomGenerator.class);
            default -> false;
        };
    }

    @ArchTest
    static final ArchRule names_say_what_a_thing_is = noClasses()
            .should()
            .haveNameMatching(".*(Utils?|Helpers?|Managers?)")
            .orShould()
            .haveSimpleNameStartingWith("Abstract");

    @ArchTest
    static final ArchRule no_static_mutable_state =
            fields().that().areStatic().should().beFinal().allowEmptyShould(true);

    /** Rooms whose sources may hold SQL text. */
    private static final Set<String> SQL_ROOMS = Set.of("postgres");

    /** Statements in capitals, or in small letters where the second word gives them away. */
    private static final Pattern SQL = Pattern.compile(
            "\\s*(?:"
                    + "(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|GRANT|REVOKE|SET|TRUNCATE|REASSIGN)\\s+\\S.*"
                    + "|(?i:select\\s.*\\sfrom\\s|insert\\s+into\\s|update\\s+\\S+\\s+set\\s|delete\\s+from\\s|reassign\\s+owned\\s"
                    + "|truncate\\s+table\\s|(?:grant|revoke)\\s.*\\son\\s.*\\s(?:to|from)\\s"
                    + "|(?:create|alter|drop)\\s+(?:role|user|table|index|extension|default\\s+privileges)\\s+[\"%a-z]).*"
                    + ")",
            Pattern.DOTALL);

    @Test
    void sql_text_only_where_it_is_rendered_and_read() {
        var outside = SourceTree.literals(sources()).stream()
                .filter(literal -> SQL.matcher(literal.text()).matches())
                .filter(literal -> !SQL_ROOMS.contains(room(literal.file())))
                .map(literal -> "%s:%d: %s"
                        .formatted(SourceTree.SOURCES.relativize(literal.file()), literal.line(), literal.text()))
                .toList();
        assertThat(outside).isEmpty();
    }

    private static final long LINES_OF_A_FILE = 400;
    private static final long LINES_OF_A_RECONCILER = 200;

    @Test
    void sources_stay_short() {
        var tooLong = sources().stream()
                .filter(file -> lines(file) > limit(file))
                .map(file -> "%s: %d lines, at most %d"
                        .formatted(SourceTree.SOURCES.relativize(file), lines(file), limit(file)))
                .toList();
        assertThat(tooLong).isEmpty();
    }

    private static long lines(Path file) {
        return SourceTree.read(file).lines().count();
    }

    private static long limit(Path file) {
        return file.toString().endsWith("Reconciler.java") ? LINES_OF_A_RECONCILER : LINES_OF_A_FILE;
    }

    @Test
    void every_package_is_null_marked() {
        var unmarked = sources().stream()
                .map(Path::getParent)
                .distinct()
                .map(folder -> folder.resolve("package-info.java"))
                .filter(info -> !Files.exists(info) || !SourceTree.read(info).contains("@NullMarked"))
                .toList();
        assertThat(unmarked).isEmpty();
    }

    @Test
    void no_lombok() {
        assertThat(sources().stream()
                        .filter(file -> SourceTree.read(file).contains("import lombok."))
                        .toList())
                .isEmpty();
    }

    private static List<Path> sources() {
        return SourceTree.files(SourceTree.SOURCES, ".java");
    }

    /** The first package below {@code dev.howdah}. */
    private static String room(Path file) {
        return SourceTree.SOURCES
                .resolve("dev/howdah")
                .relativize(file)
                .getName(0)
                .toString();
    }
}
