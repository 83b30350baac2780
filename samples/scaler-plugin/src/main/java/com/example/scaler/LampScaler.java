package com.example.scaler;

import dev.ebb.scaler.ResourceScaler;
import dev.ebb.scaler.Scale;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.scaler.ScalerException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Scales the kind Lamp of example.com through a platform that answers {@code GET
 * /lamps/NAMESPACE/NAME} with the number of lamps, and takes another by {@code PUT}. The count's
 * ETag guards the write. Thread-safe.
 */
public final class LampScaler implements ResourceScaler, AutoCloseable {

  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final HttpClient http = HttpClient.newHttpClient();
  private final String platform;

  /** Talks to the platform that {@code LAMPS_API} names. */
  public LampScaler() {
    this(Objects.requireNonNullElse(System.getenv("LAMPS_API"), "http://lamps.platform.svc"));
  }

  LampScaler(String platform) {
    this.platform = platform;
  }

  @Override
  public boolean drives(ScaleTarget target) {
    return target.group().equals("example.com") && target.kind().equals("Lamp");
  }

  @Override
  public Scale getScale(ScaleTarget target) {
    return read(target, send(target, request(target).GET()));
  }

  @Override
  public CompletableFuture<Scale> setScale(ScaleRequest wanted) {
    return CompletableFuture.supplyAsync(() -> {
      ScaleTarget target = wanted.target();
      HttpRequest.Builder put =
          request(target).PUT(BodyPublishers.ofString(Integer.toString(wanted.replicas())));
      if (wanted.ifVersion() != null) {
        put.header("If-Match", wanted.ifVersion());
      }
      return read(target, send(target, put));
    });
  }

  @Override
  public void close() {
    http.close();
  }

  private HttpRequest.Builder request(ScaleTarget target) {
    String path = "/lamps/" + target.key().namespace() + "/" + target.key().name();
    return HttpRequest.newBuilder(URI.create(platform + path)).timeout(LONGEST);
  }

  private static Scale read(ScaleTarget target, HttpResponse<String> answer) {
    int count = Integer.parseInt(answer.body().strip());
    String version = answer.headers().firstValue("ETag").orElse(null);
    return new Scale(count, count, version, "lamp=" + target.key().name(), null);
  }

  private HttpResponse<String> send(ScaleTarget target, HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
      return switch (answer.statusCode()) {
        case 200 -> answer;
        case 404 -> throw failed(ScalerException.Kind.NOT_FOUND, "there is no " + target);
        case 412 -> throw failed(ScalerException.Kind.CONFLICT, target + " has changed");
        case 401, 403 -> throw failed(ScalerException.Kind.FORBIDDEN, target + " is forbidden");
        default -> throw failed(ScalerException.Kind.UNAVAILABLE, target + ": " + answer);
      };
    } catch (IOException e) {
      throw new ScalerException(ScalerException.Kind.UNAVAILABLE, target + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ScalerException(ScalerException.Kind.UNAVAILABLE, target + ": interrupted", e);
    }
  }

  private static ScalerException failed(ScalerException.Kind kind, String message) {
    return new ScalerException(kind, message);
  }
}
