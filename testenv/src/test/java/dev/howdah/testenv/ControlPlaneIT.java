// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.testenv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ControlPlaneIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static ControlPlane controlPlane;
    private static KubernetesClient admin;

    @BeforeAll
    static void start() {
        controlPlane = TestEnvironment.controlPlane();
        admin = controlPlane.client();
    }

    @AfterAll
    static void closeClient() {
        admin.close();
    }

    @Test
    void isTheKubernetesThatGoModNames() {
        assertEquals("36", admin.getKubernetesVersion().getMinor());
        assertEquals("v1.36.3", admin.getKubernetesVersion().getGitVersion());
    }

    @Test
    void deletedNamespacesGoAway() {
        namespace("goes");
        admin.configMaps().inNamespace("goes").resource(configMap("content")).create();
        admin.namespaces().withName("goes").delete();
        assertTrue(LiveProcesses.within(
                SOON, () -> admin.namespaces().withName("goes").get() == null));
    }

    @Test
    void ownedObjectsGoWithTheirOwner() {
        namespace("owners");
        var maps = admin.configMaps().inNamespace("owners");
        var owner = maps.resource(configMap("owner")).create();
        maps.resource(new ConfigMapBuilder(configMap("owned"))
                        .editMetadata()
                        .addNewOwnerReference()
                        .withApiVersion("v1")
                        .withKind("ConfigMap")
                        .withName("owner")
                        .withUid(owner.getMetadata().getUid())
                        .endOwnerReference()
                        .endMetadata()
                        .build())
                .create();
        assertNotNull(maps.withName("owned").get());
        maps.withName("owner").delete();
        assertTrue(LiveProcesses.within(SOON, () -> maps.withName("owned").get() == null));
    }

    @Test
    void personasAreWhoTheySayAndMayOnlyWhatIsBound() {
        namespace("team");
        try (var developer = controlPlane.client(Persona.DEVELOPER);
                var attacker = controlPlane.client(Persona.ATTACKER)) {
            var self =
                    developer.resource(new SelfSubjectReviewBuilder().build()).create();
            assertEquals("howdah:developer", self.getStatus().getUserInfo().getUsername());
            assertTrue(self.getStatus().getUserInfo().getGroups().containsAll(Persona.DEVELOPER.groups()));

            var inTeam = developer.configMaps().inNamespace("team");
            assertEquals(
                    403,
                    assertThrows(KubernetesClientException.class, inTeam::list).getCode());
            admin.resource(new RoleBindingBuilder()
                            .withNewMetadata()
                            .withName("developers")
                            .withNamespace("team")
                            .endMetadata()
                            .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "edit")
                            .addNewSubject("rbac.authorization.k8s.io", "User", Persona.DEVELOPER.user(), null)
                            .build())
                    .create();
            assertTrue(LiveProcesses.within(SOON, () -> mayList(developer)));
            assertFalse(mayList(attacker));
        }
    }

    @Test
    void nobodyComesInWithoutAToken() {
        var config = new ConfigBuilder(
                        Config.fromKubeconfig(controlPlane.kubeconfig().toFile()))
                .withOauthToken("wrong")
                .build();
        try (var stranger = new KubernetesClientBuilder().withConfig(config).build()) {
            var refused = assertThrows(
                    KubernetesClientException.class, () -> stranger.namespaces().list());
            assertEquals(401, refused.getCode());
        }
    }

    @Test
    void aServiceAccountGetsAKubeconfig() throws Exception {
        namespace("accounts");
        admin.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("runner")
                        .withNamespace("accounts")
                        .endMetadata()
                        .build())
                .create();
        Path file = controlPlane.kubeconfigFor("accounts", "runner");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        var config = Config.fromKubeconfig(file.toFile());
        try (var runner = new KubernetesClientBuilder().withConfig(config).build()) {
            var self = runner.resource(new SelfSubjectReviewBuilder().build()).create();
            assertEquals(
                    "system:serviceaccount:accounts:runner",
                    self.getStatus().getUserInfo().getUsername());
        }
    }

    @Test
    void kubeconfigsArePrivateAndVerifyTheServer() throws Exception {
        for (Persona persona : Persona.values()) {
            Path file = controlPlane.kubeconfigFor(persona);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            var config = Config.fromKubeconfig(file.toFile());
            assertFalse(config.isTrustCerts());
            assertNotNull(config.getCaCertData());
        }
    }

    @Test
    void kubectlTalksToIt() throws Exception {
        var builder = new ProcessBuilder(controlPlane.kubectl().toString(), "version").redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", controlPlane.kubeconfig().toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(said.contains("Server Version: v1.36.3"), said);
        assertTrue(said.contains("Client Version: v1.36.3"), said);
    }

    @Test
    void anotherClassLoaderFindsTheSameOne() throws Exception {
        var urls = new ArrayList<URL>();
        for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        try (var loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> other = loader.loadClass(TestEnvironment.class.getName());
            assertFalse(other.equals(TestEnvironment.class));
            Object found = other.getMethod("controlPlane").invoke(null);
            assertEquals(
                    controlPlane.kubeconfig(),
                    found.getClass().getMethod("kubeconfig").invoke(found));
        }
    }

    private static boolean mayList(KubernetesClient client) {
        try {
            client.configMaps().inNamespace("team").list();
            return true;
        } catch (KubernetesClientException e) {
            assertEquals(403, e.getCode());
            return false;
        }
    }

    private static void namespace(String name) {
        assertNull(admin.namespaces().withName(name).get());
        admin.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    private static io.fabric8.kubernetes.api.model.ConfigMap configMap(String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withData(Map.of("key", String.join(",", List.of(name))))
                .build();
    }
}
