package io.agentvault.local.table;

import com.almworks.sqlite4java.SQLiteConnection;
import com.almworks.sqlite4java.SQLiteException;
import com.almworks.sqlite4java.SQLiteJob;
import com.almworks.sqlite4java.SQLiteQueue;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.concurrent.ExecutionException;

/**
 * Starts DynamoDB Local on 127.0.0.1 only and on a port of the system's choice, neither of which
 * its own command line offers, then prints the port. Runs in a process of its own with DynamoDB
 * Local's libraries, which are not on our class path: hence the reflection.
 */
final class DynamoDbLocalMain {
  private DynamoDbLocalMain() {}

  public static void main(String[] arguments)
      throws ReflectiveOperationException, InterruptedException, ExecutionException {
    Object proxy =
        Class.forName("software.amazon.dynamodb.services.local.main.ServerRunner")
            .getMethod("createServerFromCommandLineArgs", String[].class)
            .invoke(null, (Object) arguments);
    index(proxy);
    Object server = field(proxy, "server");
    Object connector = Array.get(server.getClass().getMethod("getConnectors").invoke(server), 0);
    Class<?> type = Class.forName("org.eclipse.jetty.server.ServerConnector");
    type.getMethod("setHost", String.class).invoke(connector, "127.0.0.1");
    type.getMethod("setPort", int.class).invoke(connector, Integer.getInteger("port", 0));
    // Connections stay open through any pause of a test.
    type.getMethod("setIdleTimeout", long.class).invoke(connector, 3_600_000L);
    proxy.getClass().getMethod("start").invoke(proxy);
    System.out.println("listening on " + type.getMethod("getLocalPort").invoke(connector));
  }

  /**
   * Each call looks for the first record of the table's stream, among those of all streams, of
   * tables that are gone too: the more tables there were, the longer it takes.
   */
  private static void index(Object proxy)
      throws ReflectiveOperationException, InterruptedException, ExecutionException {
    Object requests = field(field(proxy, "serverHandler"), "primaryHandler");
    Method database = requests.getClass().getDeclaredMethod("getHandler", String.class);
    database.setAccessible(true);
    Object access = field(database.invoke(requests, "any"), "dbAccess");
    var _ = ((SQLiteQueue) field(access, "queue")).execute(new Index()).get();
  }

  /** The field of an object or of what its class extends. */
  private static Object field(Object object, String name) throws ReflectiveOperationException {
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          field.setAccessible(true);
          return field.get(object);
        }
      }
    }
    throw new NoSuchFieldException(name);
  }

  private static final class Index extends SQLiteJob<Boolean> {
    @Override
    protected Boolean job(SQLiteConnection connection) throws SQLiteException {
      connection.exec("CREATE INDEX IF NOT EXISTS us_stream ON us (StreamID)");
      connection.exec("CREATE INDEX IF NOT EXISTS us_shard ON us (ShardID)");
      return true;
    }
  }
}
