package dev.ebb.autoscaler;

import dev.ebb.autoscaler.reconcile.Check;
import dev.ebb.autoscaler.reconcile.Uninstall;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The autoscaler. Without arguments it serves; {@code --uninstall} gives all workloads back and
 * ends, {@code --check} looks whether Ebb can work and ends.
 */
@SpringBootApplication
public class AutoscalerApplication {

  /** Starts the service, or does what the first argument says. */
  public static void main(String[] args) throws InterruptedException {
    List<String> arguments = List.of(args);
    SpringApplication application = new SpringApplication(AutoscalerApplication.class);
    if (arguments.contains("--help")) {
      System.out.println("usage: autoscaler [--uninstall | --check]");
      return;
    }
    boolean uninstall = arguments.contains("--uninstall");
    if (!uninstall && !arguments.contains("--check")) {
      application.run(args);
      return;
    }
    application.setWebApplicationType(WebApplicationType.NONE);
    boolean good = true;
    try (ConfigurableApplicationContext context = application.run(args)) {
      if (uninstall) {
        context.getBean(Uninstall.class).run();
      } else {
        good = context.getBean(Check.class).run();
      }
    }
    System.exit(good ? 0 : 1);
  }
}
