package io.agentvault.local;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * DynamoDB and KMS out of one LocalStack container, which ends, with all its data, as this does. No
 * image is pulled: without Docker or the image, the start fails with what to do.
 */
public final class LocalStack implements AutoCloseable {
  /**
   * The last community release of 4.x, by its number: {@code latest} starts with an account's token
   * only.
   */
  public static final String IMAGE = "localstack/localstack:4.14.0";

  private static final int PORT = 4566;
  private static final Duration POLL = Duration.ofMillis(200);

  /** Silent, since what it says beyond a failure is said here in one sentence; held, to stay so. */
  private static final Logger TESTCONTAINERS = Logger.getLogger("org.testcontainers");

  private final LocalStackContainer container;

  private LocalStack(LocalStackContainer container) {
    this.container = container;
  }

  /**
   * Takes some ten seconds.
   *
   * @throws RuntimeException with one sentence, where there is no Docker, not the image, or it does
   *     not start
   */
  public static LocalStack start() {
    TESTCONTAINERS.setLevel(Level.OFF);
    DockerClientFactory docker = DockerClientFactory.instance();
    if (!docker.isDockerAvailable()) {
      throw new DevFailure(
          "--localstack needs Docker, and none answers here; start Docker and run docker pull "
              + IMAGE
              + ", or leave --localstack out");
    }
    requireImage(docker);
    LocalStackContainer container = container();
    try {
      container.start();
      return new LocalStack(container);
    } catch (ContainerLaunchException e) {
      container.close();
      throw new DevFailure(
          "LocalStack did not start in Docker; docker run --rm "
              + IMAGE
              + " shows why, or leave --localstack out");
    }
  }

  private static void requireImage(DockerClientFactory docker) {
    try {
      docker.client().inspectImageCmd(IMAGE).exec();
    } catch (NotFoundException e) {
      throw new DevFailure("the image of LocalStack is not here; run docker pull " + IMAGE);
    } catch (DockerException e) {
      throw new DevFailure(
          "Docker does not say whether it has the image of LocalStack; run docker pull " + IMAGE);
    }
  }

  static LocalStackContainer container() {
    LocalStackContainer container =
        new LocalStackContainer(DockerImageName.parse(IMAGE))
            .withServices("dynamodb", "kms")
            // The default ones install a package from the network at the first table with a stream.
            .withEnv("PROVIDER_OVERRIDE_DYNAMODB", "v2")
            .withEnv("PROVIDER_OVERRIDE_DYNAMODBSTREAMS", "v2")
            .withImagePullPolicy(image -> false)
            .waitingFor(new Healthy())
            .withCreateContainerCmdModifier(LocalStack::onLoopback);
    // The class hands it the Docker socket, for services that start containers; these two do not.
    container.setBinds(List.of());
    return container;
  }

  /** Its KMS asks for no credentials, so it is not for the network. */
  private static void onLoopback(CreateContainerCmd create) {
    HostConfig host = Objects.requireNonNull(create.getHostConfig());
    host.withPortBindings(
        new PortBinding(Ports.Binding.bindIp("127.0.0.1"), ExposedPort.tcp(PORT)));
  }

  /** Of every service. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + container.getMappedPort(PORT));
  }

  @Override
  public void close() {
    container.close();
  }

  /** Waits until it answers, and no longer than it runs. */
  private static final class Healthy extends AbstractWaitStrategy {
    @Override
    protected void waitUntilReady() {
      long end = System.nanoTime() + startupTimeout.toNanos();
      while (!answers()) {
        if (!waitStrategyTarget.isRunning() || System.nanoTime() > end) {
          throw new ContainerLaunchException("LocalStack ended before it answered");
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
    }

    private boolean answers() {
      try {
        URI health =
            URI.create(
                "http://127.0.0.1:"
                    + waitStrategyTarget.getMappedPort(PORT)
                    + "/_localstack/health");
        HttpURLConnection connection = (HttpURLConnection) health.toURL().openConnection();
        connection.setConnectTimeout(1_000);
        connection.setReadTimeout(5_000);
        return connection.getResponseCode() == 200;
      } catch (IOException | IllegalStateException e) {
        // Not yet, or not any more: whoever asked looks whether it runs.
        return false;
      }
    }
  }
}
