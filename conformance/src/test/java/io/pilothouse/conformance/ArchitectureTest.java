package io.pilothouse.conformance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of the house that the compiler cannot hold. */
class ArchitectureTest {
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.pilothouse");

    @Test
    void onlyHttpKnowsNetty() {
        // The storage module's gRPC channel is made of grpc-netty's builder, which is no io.netty class.
        noClasses()
                .that()
                .resideOutsideOfPackages("io.pilothouse.http..", "io.pilothouse.storage..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(PRODUCT);
    }

    @Test
    void onlyStorageKnowsEtcd() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.pilothouse.storage..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.etcd..")
                .check(PRODUCT);
    }

    @Test
    void dependenciesPointOneWay() {
        noClasses()
                .that()
                .resideInAPackage("io.pilothouse.machinery..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.pilothouse.storage..", "io.pilothouse.http..", "io.pilothouse.apiserver..")
                .check(PRODUCT);
        noClasses()
                .that()
                .resideInAnyPackage("io.pilothouse.storage..", "io.pilothouse.http..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.pilothouse.apiserver..", "io.pilothouse.cloud..", "io.pilothouse.controlplane..")
                .check(PRODUCT);
        noClasses()
                .that()
                .resideInAnyPackage("io.pilothouse.controllers..", "io.pilothouse.scheduler..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.pilothouse.apiserver..", "io.pilothouse.storage..")
                .check(PRODUCT);
    }
}
