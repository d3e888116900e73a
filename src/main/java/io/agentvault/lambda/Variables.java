package io.agentvault.lambda;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * The variables that the functions are set by: {@code VAULT_…} for {@link VaultConfig}, and {@code
 * QUARKUS_LAMBDA_HANDLER}, which says which of the five an instance is. They are looked up by their
 * names and never listed; no other setting has a variable.
 */
final class Variables implements ConfigSource {
  private static final String OURS = "vault.";
  private static final String HANDLER = "quarkus.lambda.handler";

  /** MicroProfile's for variables: above all that was recorded in the build. */
  private static final int ORDINAL = 300;

  private final UnaryOperator<@Nullable String> environment;

  /**
   * @param environment answers a variable's value, null where it is not set
   */
  Variables(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable String getValue(String name) {
    return name.startsWith(OURS) || name.equals(HANDLER)
        ? environment.apply(name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT))
        : null;
  }

  @Override
  public Set<String> getPropertyNames() {
    return Set.of();
  }

  @Override
  public Map<String, String> getProperties() {
    return Map.of();
  }

  @Override
  public String getName() {
    return "variables";
  }

  @Override
  public int getOrdinal() {
    return ORDINAL;
  }
}
