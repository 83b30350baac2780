package dev.ebb.cleanup.config;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What the cleanup-controller can be told.
 *
 * @param workers how many sets are decided on at the same time
 * @param watchPredecessor whether nothing is done while statefulset-scaledown-controller runs
 */
@Validated
@ConfigurationProperties("ebb.cleanup")
public record CleanupProperties(
    @DefaultValue("16") @Min(1) int workers, @DefaultValue("true") boolean watchPredecessor) {}
