package dev.ebb.console.config;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the console can be told.
 *
 * @param selector labels of the Services whose replicas it shows, in the console's namespace
 * @param ca the file with the CA of the services' certificates, PEM; empty for plain HTTP
 * @param token the file with the console's own token; empty for none
 */
@ConfigurationProperties("ebb.console")
record ConsoleProperties(
    @DefaultValue("app.kubernetes.io/part-of=ebb") String selector,
    @Nullable String ca,
    @Nullable String token) {}
