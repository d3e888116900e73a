package io.agentvault.local.runtime;

import io.agentvault.local.host.Account;
import io.agentvault.local.template.Template;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The environment of a function's instances: the template's variables, those that Lambda sets, and
 * where the local services are. Access keys tell functions apart and session tokens instances, so
 * that a recorded call says who made it.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html">variables
 *     of Lambda</a>
 */
public record FunctionEnvironment(
    Template.Function function,
    Path taskRoot,
    String dynamoUrl,
    String kmsUrl,
    Map<String, String> overrides) {
  public static final String ACCESS_KEY_PREFIX = "LOCAL";
  public static final String SESSION_TOKEN_PREFIX = "local-instance-";

  public Map<String, String> of(int instance) {
    Map<String, String> environment = new TreeMap<>();
    environment.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    environment.put("HOME", System.getProperty("java.io.tmpdir"));
    environment.put("LANG", "en_US.UTF-8");
    environment.put("TZ", ":UTC");
    environment.put("LAMBDA_TASK_ROOT", taskRoot.toString());
    environment.put("_HANDLER", function.handler());
    environment.put("AWS_LAMBDA_FUNCTION_NAME", function.name());
    environment.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
    environment.put(
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(function.memoryMegabytes()));
    environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    environment.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + function.name());
    environment.put("AWS_LAMBDA_LOG_STREAM_NAME", "local/[$LATEST]" + instance);
    environment.put("AWS_REGION", Account.REGION);
    environment.put("AWS_DEFAULT_REGION", Account.REGION);
    environment.put(
        "AWS_ACCESS_KEY_ID", ACCESS_KEY_PREFIX + function.name().toUpperCase(Locale.ROOT));
    environment.put("AWS_SECRET_ACCESS_KEY", "local");
    environment.put("AWS_SESSION_TOKEN", SESSION_TOKEN_PREFIX + instance);
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", dynamoUrl);
    environment.put("AWS_ENDPOINT_URL_KMS", kmsUrl);
    environment.putAll(function.environment());
    environment.putAll(overrides);
    return environment;
  }
}
