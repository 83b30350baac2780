package dev.ebb.timescaler.config;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What the time-scaler can be told.
 *
 * @param labelSelector which ServiceScalers are looked at, as Kubernetes writes label selectors;
 *     empty for all. {@code LABEL_SELECTOR} says the same
 * @param workers how many resources are decided on at the same time
 */
@Validated
@ConfigurationProperties("ebb.timescaler")
public record TimeScalerProperties(
    @DefaultValue("") @NotNull String labelSelector, @DefaultValue("16") @Min(1) int workers) {}
