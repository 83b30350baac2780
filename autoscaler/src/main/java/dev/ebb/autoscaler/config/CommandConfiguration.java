package dev.ebb.autoscaler.config;

import dev.ebb.autoscaler.apply.ResourceWriter;
import dev.ebb.autoscaler.reconcile.Check;
import dev.ebb.autoscaler.reconcile.Releaser;
import dev.ebb.autoscaler.reconcile.Uninstall;
import dev.ebb.runtime.config.RuntimeProperties;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.WriteGuard;
import dev.ebb.scaler.ResourceKey;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the image does once and then ends: the chart's hooks. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnNotWebApplication
class CommandConfiguration {

  /** A command writes without leading: the running autoscaler keeps away from what it marked. */
  @Bean
  WriteGuard writeGuard() {
    return () -> true;
  }

  @Bean
  Uninstall uninstall(
      KubeClient client,
      Releaser releaser,
      ResourceWriter writer,
      ResourceKey gatewayService,
      RuntimeProperties runtime,
      InstantSource clock) {
    return new Uninstall(
        client,
        releaser,
        writer,
        gatewayService,
        runtime.watchedNamespace(),
        clock,
        System.out::println);
  }

  @Bean
  Check check(
      KubeClient client,
      ResourceKey gatewayService,
      RuntimeProperties runtime,
      InstantSource clock) {
    return new Check(
        client, gatewayService, runtime.watchedNamespace(), clock, System.out::println);
  }
}
