package io.agentvault.broker;

import io.agentvault.problem.Problem;
import io.agentvault.problem.UpstreamTimeout;
import io.agentvault.problem.UpstreamTooLarge;
import io.agentvault.problem.UpstreamUnreachable;
import io.agentvault.remote.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * {@link Upstream} over Apache's HTTP client, with all that is clever in it turned off: no
 * redirect, no repetition, no cookie, no proxy of the environment, no kept connection. Its resolver
 * is ours, so a name is looked up once and the connection goes to the addresses that were checked,
 * while TLS goes on verifying the name.
 */
final class HttpUpstream implements Upstream {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final int MOST_LINE_CHARACTERS = 16 * 1024;
  private static final int MOST_HEADERS = 200;

  /** Of a final answer (RFC 9110, 15): gateways pass no other on. */
  private static final int LEAST_STATUS = 200;

  private static final int GREATEST_STATUS = 599;

  private final Places places;
  private final CloseableHttpClient client;

  /** Each call has a thread of its own, because nothing else ends a lookup that hangs. */
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("upstream").factory());

  HttpUpstream(Places places, Places.Resolver resolver, SSLContext tls) {
    this.places = places;
    this.client =
        HttpClients.custom()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setDnsResolver(resolver(resolver))
                    .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls))
                    .setConnectionFactory(
                        ManagedHttpClientConnectionFactory.builder()
                            .http1Config(
                                Http1Config.custom()
                                    .setMaxLineLength(MOST_LINE_CHARACTERS)
                                    .setMaxHeaderCount(MOST_HEADERS)
                                    .build())
                            .build())
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(Timeout.of(CONNECT_LIMIT))
                            .build())
                    .setDefaultSocketConfig(SocketConfig.custom().setTcpNoDelay(true).build())
                    .build())
            .setRoutePlanner(new DefaultRoutePlanner(DefaultSchemePortResolver.INSTANCE))
            .setConnectionReuseStrategy((request, response, context) -> false)
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .disableConnectionState()
            .disableDefaultUserAgent()
            .build();
  }

  private DnsResolver resolver(Places.Resolver resolver) {
    return new DnsResolver() {
      @Override
      public InetAddress[] resolve(String host) throws UnknownHostException {
        return places.resolve(host, resolver);
      }

      @Override
      public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        InetAddress[] addresses =
            places.localUpstreams().contains(host + ":" + port)
                ? resolver.lookUp(host)
                : places.resolve(host, resolver);
        return Arrays.stream(addresses).map(each -> new InetSocketAddress(each, port)).toList();
      }

      @Override
      public String resolveCanonicalHostname(String host) {
        return host;
      }
    };
  }

  @Override
  public Reply call(Outgoing outgoing, Deadline deadline) {
    HttpUriRequestBase request = request(outgoing, deadline);
    Target target = outgoing.target();
    if (!target.isHttps() && !places.isLocal(target)) {
      throw new UpstreamUnreachable("the upstream must be called by https");
    }
    Future<Reply> reply =
        threads.submit(
            () -> client.execute(host(target), request, answer -> reply(answer, request)));
    try {
      return reply.get(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      request.abort();
      throw timeout();
    } catch (ExecutionException e) {
      throw problem(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      request.abort();
      Thread.currentThread().interrupt();
      throw timeout();
    }
  }

  private static HttpHost host(Target target) {
    return new HttpHost(target.isHttps() ? "https" : "http", target.host(), target.port());
  }

  private static HttpUriRequestBase request(Outgoing outgoing, Deadline deadline) {
    Target target = outgoing.target();
    HttpUriRequestBase request =
        new HttpUriRequestBase(outgoing.method(), URI.create(host(target).toURI()));
    request.setPath(target.pathAndQuery());
    request.setConfig(
        RequestConfig.custom()
            .setResponseTimeout(Timeout.of(deadline.remainingFor("upstream")))
            .setRedirectsEnabled(false)
            .setAuthenticationEnabled(false)
            .setExpectContinueEnabled(false)
            .setProtocolUpgradeEnabled(false)
            .build());
    outgoing.headers().forEach(each -> request.addHeader(each.name(), each.value()));
    request.setHeader("Accept-Encoding", "identity");
    request.setHeader("Connection", "close");
    if (outgoing.body().length > 0) {
      request.setEntity(new ByteArrayEntity(outgoing.body(), null));
    } else if (List.of("POST", "PUT", "PATCH").contains(outgoing.method())) {
      request.setEntity(new ByteArrayEntity(new byte[0], null));
    }
    return request;
  }

  private static Reply reply(ClassicHttpResponse answer, HttpUriRequestBase request)
      throws IOException {
    boolean hasBody = answer.getEntity() != null;
    if (answer.getCode() < LEAST_STATUS || answer.getCode() > GREATEST_STATUS) {
      request.abort();
      throw notHttp();
    }
    if (hasBody && isCut(answer)) {
      request.abort();
      throw new UpstreamUnreachable("the upstream's answer was cut");
    }
    byte[] body = hasBody ? EncodedBody.read(answer, MOST_BODY_BYTES, request::abort) : new byte[0];
    return new Reply(answer.getCode(), headers(answer), body);
  }

  private static List<Header> headers(ClassicHttpResponse answer) {
    List<Header> headers =
        Arrays.stream(answer.getHeaders())
            .map(each -> new Header(each.getName(), each.getValue() == null ? "" : each.getValue()))
            .toList();
    Set<String> ofTheHop = HeaderRules.namedByConnection(headers);
    return headers.stream()
        .filter(each -> each.isWellFormed() && HeaderRules.isAnswered(each))
        .filter(each -> !ofTheHop.contains(each.key()))
        .toList();
  }

  /**
   * Whether nothing says where the body ends. We asked for the connection's end, so a server that
   * means it says so; one that ended among its headers did not get to.
   */
  private static boolean isCut(ClassicHttpResponse answer) {
    return HttpVersion.HTTP_1_1.equals(answer.getVersion())
        && !answer.containsHeader("Content-Length")
        && !answer.containsHeader("Transfer-Encoding")
        && !answer.containsHeader("Connection");
  }

  private static Problem problem(Throwable cause) {
    return switch (cause) {
      case Problem problem -> problem;
      case Places.NotAdmitted refused ->
          new UpstreamUnreachable(
              "the upstream's name has an address that is not called: "
                  + refused.verdict().name().toLowerCase(Locale.ROOT));
      case UnknownHostException unknown ->
          new UpstreamUnreachable("the upstream's name has no address");
      case SocketTimeoutException late -> timeout();
      case CancellationException aborted -> timeout();
      case SSLException tls -> new UpstreamUnreachable("TLS with the upstream failed");
      case MessageConstraintException large ->
          new UpstreamTooLarge("the upstream's headers are over a limit");
      case ClientProtocolException protocol -> notHttp();
      case IOException io -> new UpstreamUnreachable("the connection to the upstream failed");
      case HttpException http -> notHttp();
      default -> throw new IllegalStateException("the upstream client failed", cause);
    };
  }

  private static UpstreamUnreachable notHttp() {
    return new UpstreamUnreachable("the upstream's answer is not HTTP");
  }

  private static UpstreamTimeout timeout() {
    return new UpstreamTimeout("the upstream did not answer in time");
  }
}
