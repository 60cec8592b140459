// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.reconcile.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.api.v1alpha1.DatabasePolicy;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ResourceOperations;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StatusWriteTest {
    private static final Duration AGAIN = Duration.ofMinutes(10);

    private static Duration answered(int code) {
        return StatusWrite.write(new DatabasePolicy(), new DatabasePolicy(), AGAIN, refusing(code));
    }

    @SuppressWarnings("unchecked")
    private static Context<DatabasePolicy> refusing(int code) {
        return (Context<DatabasePolicy>) Proxy.newProxyInstance(
                StatusWriteTest.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("resourceOperations");
                    return new ResourceOperations<DatabasePolicy>((Context<DatabasePolicy>) proxy) {
                        @Override
                        public DatabasePolicy serverSideApplyPrimaryStatus(DatabasePolicy patch) {
                            throw new KubernetesClientException("answered", code, null);
                        }
                    };
                });
    }

    @Test
    void anObjectThatIsGoneIsToldNothing() {
        assertThat(answered(404)).isEqualTo(AGAIN);
    }

    @Test
    void anyOtherRefusalIsTroubleStill() {
        assertThatThrownBy(() -> answered(403)).isInstanceOf(KubernetesClientException.class);
    }
}
