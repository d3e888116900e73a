package io.agentvault.local.host;

/** The one account of the local cloud. */
public final class Account {
  public static final String ID = "000000000000";
  public static final String REGION = "us-east-1";

  private Account() {}
}
