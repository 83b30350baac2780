package dev.ebb.autoscaler.config;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What the autoscaler can be told.
 *
 * @param gatewayService the Service of the gateway's replicas
 * @param gatewayNamespace its namespace; empty for the autoscaler's own
 * @param gatewayPort the replicas' management port
 * @param gatewayCa the CA of their certificates; null for plain HTTP
 * @param gatewayToken the file with the token that they accept; null for none
 * @param gatewayTimeout the longest wait for an answer to a fence
 * @param gatewaySilence a replica that says nothing for so long counts as busy
 * @param settle how long the hand-over must be in place before sleep
 * @param adoptionGrace how long at least connections from before the hand-over count as busy
 * @param newPodAge pods younger than this at the hand-over have no such connections
 * @param bypassAfter how long no gateway may be ready before traffic goes past it
 * @param restoreAfter how long one must be ready before traffic goes through it again
 * @param workers how many resources are decided on at the same time
 */
@Validated
@ConfigurationProperties("ebb.autoscaler")
public record AutoscalerProperties(
    @DefaultValue("ebb-dlx-gateway") @NotBlank String gatewayService,
    @DefaultValue("") String gatewayNamespace,
    @DefaultValue("8081") @Min(1) @Max(65535) int gatewayPort,
    @Nullable String gatewayCa,
    @Nullable String gatewayToken,
    @DefaultValue("5s") @NotNull Duration gatewayTimeout,
    @DefaultValue("3s") @NotNull Duration gatewaySilence,
    @DefaultValue("10s") @NotNull Duration settle,
    @DefaultValue("1h") @NotNull Duration adoptionGrace,
    @DefaultValue("60s") @NotNull Duration newPodAge,
    @DefaultValue("30s") @NotNull Duration bypassAfter,
    @DefaultValue("60s") @NotNull Duration restoreAfter,
    @DefaultValue("16") @Min(1) int workers) {}
