package io.agentvault.local;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * DynamoDB and KMS out of one LocalStack container, which ends, with all its data, as this does. No
 * image is pulled: without Docker or the image, the start fails with what to do.
 */
final class LocalStack implements AutoCloseable {
  /** A community release, by its number: {@code latest} starts with an account's token only. */
  static final String IMAGE = "localstack/localstack:4.4.0";

  private static final int PORT = 4566;

  /** Silent, since what it says beyond a failure is said here in one sentence; held, to stay so. */
  private static final Logger TESTCONTAINERS = Logger.getLogger("org.testcontainers");

  private final LocalStackContainer container;

  private LocalStack(LocalStackContainer container) {
    this.container = container;
  }

  /**
   * Takes some ten seconds.
   *
   * @throws DevFailure where there is no Docker, not the image, or it does not start
   */
  static LocalStack start() {
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

  private static LocalStackContainer container() {
    LocalStackContainer container =
        new LocalStackContainer(DockerImageName.parse(IMAGE))
            .withServices("dynamodb", "kms")
            .withImagePullPolicy(image -> false)
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
  URI endpoint() {
    return URI.create("http://127.0.0.1:" + container.getMappedPort(PORT));
  }

  @Override
  public void close() {
    container.close();
  }
}
