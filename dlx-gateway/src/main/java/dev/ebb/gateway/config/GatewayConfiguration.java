package dev.ebb.gateway.config;

import dev.ebb.gateway.activity.ActivityHub;
import dev.ebb.gateway.activity.FenceKeeper;
import dev.ebb.gateway.proxy.Exclusions;
import dev.ebb.gateway.proxy.PortListeners;
import dev.ebb.gateway.proxy.ProxyHandler;
import dev.ebb.gateway.slice.PortAllocator;
import dev.ebb.gateway.slice.ServiceReconciler;
import dev.ebb.gateway.trace.RequestTraces;
import dev.ebb.runtime.config.InformerHealth;
import dev.ebb.runtime.config.InformerMeters;
import dev.ebb.runtime.config.RuntimeProperties;
import dev.ebb.runtime.kube.CacheSync;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.kube.ProcessEnd;
import dev.ebb.runtime.loop.LoopSettings;
import dev.ebb.runtime.loop.ReconcileLoop;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.scaler.ResourceKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;

/** Puts the gateway together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GatewayProperties.class)
class GatewayConfiguration {

  /** Longer than any sane header; node's and nginx's limits are 16 and 32 KiB. */
  private static final int MAX_HEADERS = 64 * 1024;

  @Bean
  Lookout lookout(
      KubeClient client,
      RuntimeProperties runtime,
      GatewayProperties properties,
      InstantSource clock) {
    return new Lookout(client, runtime, properties.service(), clock);
  }

  @Bean
  Heart heart(
      Lookout lookout,
      GatewayProperties properties,
      ResourceScalers scalers,
      KubeClient client,
      EventRecorder events,
      ExecutorService ebbExecutor,
      MeterRegistry meters,
      RuntimeProperties runtime,
      InstantSource clock) {
    Heart heart =
        new Heart(
            lookout, properties.held().global(), scalers, client, events, ebbExecutor, meters);
    ActivityHub hub =
        new ActivityHub(heart.routes(), runtime.pod().uid() + "/" + clock.millis(), clock.millis());
    heart.tell(hub);
    return heart;
  }

  @Bean
  ActivityHub activityHub(Heart heart) {
    return heart.activity();
  }

  @Bean
  FenceKeeper fenceKeeper(Heart heart, ResourceScalers scalers, ExecutorService ebbExecutor) {
    return new FenceKeeper(heart.routes(), scalers, ebbExecutor);
  }

  @Bean
  Draining draining() {
    return new Draining();
  }

  @Bean
  PortListeners portListeners(
      GatewayProperties properties,
      Draining draining,
      MeterRegistry meters,
      ObjectProvider<RequestTraces> traces) {
    ConnectionProvider pool =
        ConnectionProvider.builder("backends")
            .maxConnections(2_000)
            .pendingAcquireMaxCount(20_000)
            .pendingAcquireTimeout(Duration.ofSeconds(30))
            // Below the shortest keep-alive of common servers, so that a request never meets a
            // connection that the backend is just closing.
            .maxIdleTime(Duration.ofSeconds(2))
            .evictInBackground(Duration.ofSeconds(2))
            .lifo()
            .build();
    HttpClient client =
        HttpClient.create(pool)
            .protocol(HttpProtocol.HTTP11)
            .disableRetry(true)
            .followRedirect(false)
            .httpResponseDecoder(spec -> spec.maxHeaderSize(MAX_HEADERS).validateHeaders(false))
            .option(
                io.netty.channel.ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(properties.connectTimeout().toMillis()));
    HttpServer server =
        HttpServer.create()
            .host("0.0.0.0")
            .protocol(HttpProtocol.HTTP11)
            .idleTimeout(properties.idleTimeout())
            .httpRequestDecoder(
                spec -> spec.maxHeaderSize(MAX_HEADERS).maxInitialLineLength(MAX_HEADERS));
    GatewayProperties.Exclude exclude = properties.exclusions();
    Exclusions exclusions =
        new Exclusions(
            exclude.userAgents() == null ? Exclusions.DEFAULT_USER_AGENTS : exclude.userAgents(),
            exclude.paths());
    return new PortListeners(
        server,
        new ProxyHandler(
            client,
            exclusions,
            draining::active,
            meters,
            traces.getIfAvailable(() -> RequestTraces.OFF)));
  }

  @Bean
  ServiceReconciler serviceReconciler(
      Heart heart,
      Lookout lookout,
      PortListeners listeners,
      KubeClient client,
      EventRecorder events,
      RuntimeProperties runtime,
      InstantSource clock) {
    // Where a replica comes or goes, traffic must find its way, frozen or not.
    KubeClient routing = client.evenFrozen();
    PortAllocator ports =
        new PortAllocator(
            routing, new ResourceKey(runtime.pod().namespace(), "ebb-gateway-ports"), clock);
    return new ServiceReconciler(
        heart.routes(),
        lookout.services(),
        lookout.ownSlices(),
        lookout.gatewayEndpoints(),
        ports,
        listeners,
        new ObjectWriter(routing, lookout.informers()),
        events);
  }

  @Bean(destroyMethod = "close")
  ReconcileLoop<ResourceKey> serviceLoop(
      ServiceReconciler reconciler, MeterRegistry meters, LoopSettings settings) {
    return new ReconcileLoop<>("service", reconciler, meters, settings);
  }

  @Bean
  InformerMeters informerMeters(Lookout lookout, InstantSource clock) {
    return new InformerMeters(lookout.informers(), clock);
  }

  @Bean
  GatewayLifecycle gatewayLifecycle(
      Lookout lookout,
      Heart heart,
      ReconcileLoop<ResourceKey> serviceLoop,
      PortListeners listeners,
      Draining draining,
      GatewayProperties properties,
      RuntimeProperties runtime,
      ProcessEnd end) {
    CacheSync caches = new CacheSync(lookout.informers(), runtime.cacheSyncTimeout(), end);
    return new GatewayLifecycle(
        lookout, caches, heart, serviceLoop, listeners, draining, properties, runtime);
  }

  @Bean
  HealthIndicator kubernetes(Lookout lookout, ServiceReconciler reconciler, InstantSource clock) {
    InformerHealth caches = InformerHealth.filled(lookout.informers(), clock);
    // A gateway that does not listen yet must not be listed; once it did it stays ready.
    return new ListeningHealth(caches, reconciler::listening);
  }
}
