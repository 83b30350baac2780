package dev.ebb.gateway.config;

import dev.ebb.gateway.trace.ColdFirstSampler;
import dev.ebb.gateway.trace.RequestTraces;
import dev.ebb.gateway.trace.SpanTraces;
import dev.ebb.runtime.config.TracingOn;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.InstantSource;
import org.springframework.boot.micrometer.tracing.autoconfigure.TracingProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Traces of requests; nothing of it is loaded unless tracing is on. */
@Configuration(proxyBeanMethods = false)
@Conditional(TracingOn.class)
class TracingConfiguration {

  @Bean
  RequestTraces requestTraces(Tracer tracer, Propagator propagator, InstantSource clock) {
    return new SpanTraces(tracer, propagator, clock, System::nanoTime);
  }

  /** In the place of Boot's: whether a caller's trace is sampled decides the caller there too. */
  @Bean
  Sampler coldFirstSampler(TracingProperties properties) {
    float probability = properties.getSampling().getProbability();
    return Sampler.parentBased(new ColdFirstSampler(Sampler.traceIdRatioBased(probability)));
  }
}
