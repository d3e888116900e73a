package io.agentvault.local.table;

import java.lang.reflect.Array;
import java.lang.reflect.Field;

/**
 * Starts DynamoDB Local on 127.0.0.1 only and on a port of the system's choice, neither of which
 * its own command line offers, then prints the port. Runs in a process of its own with DynamoDB
 * Local's libraries, which are not on our class path: hence the reflection.
 */
final class DynamoDbLocalMain {
  private DynamoDbLocalMain() {}

  public static void main(String[] arguments) throws ReflectiveOperationException {
    Object proxy =
        Class.forName("software.amazon.dynamodb.services.local.main.ServerRunner")
            .getMethod("createServerFromCommandLineArgs", String[].class)
            .invoke(null, (Object) arguments);
    Field field = proxy.getClass().getDeclaredField("server");
    field.setAccessible(true);
    Object server = field.get(proxy);
    Object connector = Array.get(server.getClass().getMethod("getConnectors").invoke(server), 0);
    Class<?> type = Class.forName("org.eclipse.jetty.server.ServerConnector");
    type.getMethod("setHost", String.class).invoke(connector, "127.0.0.1");
    type.getMethod("setPort", int.class).invoke(connector, Integer.getInteger("port", 0));
    // Connections stay open through any pause of a test.
    type.getMethod("setIdleTimeout", long.class).invoke(connector, 3_600_000L);
    proxy.getClass().getMethod("start").invoke(proxy);
    System.out.println("listening on " + type.getMethod("getLocalPort").invoke(connector));
  }
}
