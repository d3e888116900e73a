import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Scanner;

/** The official Java client. Usage: java -cp 'lib/*' OfficialJava.java URL legacy */
public class OfficialJava {
  private static void say(Map<String, Object> what) throws Exception {
    System.out.println(McpJsonDefaults.getMapper().writeValueAsString(what));
  }

  @SuppressWarnings("unchecked")
  public static void main(String[] arguments) throws Exception {
    Scanner in = new Scanner(System.in);
    URI url = URI.create(arguments[0]);
    var transport =
        HttpClientStreamableHttpTransport.builder(url.getScheme() + "://" + url.getAuthority())
            .endpoint(url.getPath())
            .requestBuilder(
                HttpRequest.newBuilder()
                    .header("Authorization", "Bearer " + System.getenv("VAULT_KEY")))
            .build();
    var client = McpClient.sync(transport).requestTimeout(Duration.ofSeconds(60)).build();
    say(Map.of("version", client.initialize().protocolVersion()));
    say(
        Map.of("tools", client.listTools().tools().stream().map(McpSchema.Tool::name).toList()));
    while (in.hasNextLine()) {
      Map<String, Object> call = McpJsonDefaults.getMapper().readValue(in.nextLine(), Map.class);
      var request =
          McpSchema.CallToolRequest.builder((String) call.get("name"))
              .arguments((Map<String, Object>) call.get("arguments"))
              .build();
      say(Map.of("result", client.callTool(request)));
    }
    client.close();
  }
}
