/**
 * The local cloud: the packaged functions, the same file that is deployed, under a local Lambda
 * Runtime API, behind an HTTP API whose routes come from {@code template.yaml}, over DynamoDB Local
 * and a local KMS. Development and test code; it never ships.
 *
 * <p>A test takes the shared cloud, or starts one of its own:
 *
 * <pre>{@code
 * LocalCloud cloud = LocalCloud.shared();          // one for the whole run, ends with the JVM
 * try (LocalCloud own = LocalCloud.options()
 *         .maxInstances(4)
 *         .parameter("RecoveryDays", "1")          // of the template
 *         .environment("vault", "VAULT_LOG_LABELS", "true")
 *         .start()) { ... }
 * }</pre>
 *
 * <p>It calls it as an agent or an operator does, or directly:
 *
 * <pre>{@code
 * String operator = cloud.operators().mint("acme", Duration.ofMinutes(5));
 * URI whoami = URI.create(cloud.url() + "/v0/whoami");   // with any HTTP client
 * Invocation answer = cloud.invoke("vault", event);      // Lambda's Invoke; answer.json(), .failure()
 * cloud.invokeUrl();                                     // the same for the AWS CLI
 * }</pre>
 *
 * <p>It counts and reads the calls that the functions made, and makes calls go wrong:
 *
 * <pre>{@code
 * cloud.tap().clear();
 * ...
 * assertThat(cloud.tap().callsOf("vault")).extracting(Call::operation).containsExactly("BatchGetItem");
 *
 * Predicate<Call> commit = Call.by("identity").and(Call.operation("TransactWriteItems"));
 * FaultRule lost = cloud.tap().fault(commit, Fault.resetAfter());          // once
 * cloud.tap().fault(commit, Fault.after(cloud::killCaller), n -> n == 2);  // the second
 * cloud.tap().fault(Call.operation("Decrypt"), Fault.kmsError("DisabledException"), Times.ALWAYS);
 * ...
 * assertThat(lost.struck()).isEqualTo(1);
 * cloud.tap().clearFaults();
 * }</pre>
 *
 * <p>It steers the stream that feeds the reaper:
 *
 * <pre>{@code
 * cloud.stream().awaitDrained(Duration.ofSeconds(10));   // everything written so far is dealt with
 * cloud.stream().pause();
 * List<JsonObject> records = cloud.stream().take();      // instead of their delivery
 * cloud.stream().deliver(records.reversed());
 * cloud.stream().resume();
 * }</pre>
 *
 * <p>It takes DynamoDB and KMS of others too, with the tap and the stream as ever:
 *
 * <pre>{@code
 * LocalCloud.options().services(dynamoDb, kms).start();  // http://host:port each; one may be both
 * }</pre>
 *
 * <p>{@code cloud.dynamo()} and {@code cloud.kms()} are clients that the tap does not see; {@code
 * cloud.logs()} is the directory with one log per instance. The system property {@code
 * vault.artifact} names another artifact than {@code target/function.zip}, such as a native
 * executable.
 *
 * <p>Not here: the vault. The local cloud knows it as a file and as a template.
 */
@NullMarked
package io.agentvault.local;

import org.jspecify.annotations.NullMarked;
