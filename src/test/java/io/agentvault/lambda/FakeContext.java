package io.agentvault.lambda;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;

/**
 * An invocation with so much time left; whatever else is asked of it is a mistake.
 *
 * @param getRemainingTimeInMillis what Lambda says is left
 */
record FakeContext(int getRemainingTimeInMillis) implements Context {
  @Override
  public String getAwsRequestId() {
    return "invocation-1";
  }

  @Override
  public String getLogGroupName() {
    throw new AssertionError();
  }

  @Override
  public String getLogStreamName() {
    throw new AssertionError();
  }

  @Override
  public String getFunctionName() {
    throw new AssertionError();
  }

  @Override
  public String getFunctionVersion() {
    throw new AssertionError();
  }

  @Override
  public String getInvokedFunctionArn() {
    throw new AssertionError();
  }

  @Override
  public CognitoIdentity getIdentity() {
    throw new AssertionError();
  }

  @Override
  public ClientContext getClientContext() {
    throw new AssertionError();
  }

  @Override
  public int getMemoryLimitInMB() {
    throw new AssertionError();
  }

  @Override
  public LambdaLogger getLogger() {
    throw new AssertionError();
  }
}
