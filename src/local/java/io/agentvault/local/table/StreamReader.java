package io.agentvault.local.table;

import io.agentvault.local.host.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * Reads a table's stream from its oldest record on, shard after shard, each record once; where a
 * file is given, on from where the last reader stopped. Not for several threads at once.
 */
public final class StreamReader {
  /** Shards change when one is full or hours old, so they are asked for every so many reads. */
  private static final int READS_PER_DESCRIPTION = 50;

  private final DynamoDbStreamsClient client;
  private final String streamArn;
  private final String ttl;
  private final Optional<Path> checkpointFile;
  private final Map<String, String> lastSequenceNumbers = new LinkedHashMap<>();
  private final Map<String, String> iterators = new LinkedHashMap<>();
  private int readsUntilDescription;

  /**
   * @param ttl the table's attribute that says when an item expires, or empty
   * @param checkpointFile where the place is kept
   */
  public StreamReader(
      DynamoDbStreamsClient client, String streamArn, String ttl, Optional<Path> checkpointFile) {
    this.client = client;
    this.streamArn = streamArn;
    this.ttl = ttl;
    this.checkpointFile = checkpointFile;
    checkpointFile.filter(Files::exists).ifPresent(this::load);
  }

  /** What came since the last read, oldest first within a shard. */
  List<JsonObject> read() {
    if (readsUntilDescription-- <= 0) {
      readsUntilDescription = READS_PER_DESCRIPTION;
      describe();
    }
    List<JsonObject> records = new ArrayList<>();
    for (String shard : List.copyOf(iterators.keySet())) {
      read(shard, records);
    }
    return records;
  }

  private void describe() {
    Optional<String> last = Optional.empty();
    do {
      String start = last.orElse(null);
      DescribeStreamResponse page =
          client.describeStream(
              request -> request.streamArn(streamArn).exclusiveStartShardId(start));
      for (Shard shard : page.streamDescription().shards()) {
        iterators.computeIfAbsent(shard.shardId(), this::iterator);
      }
      last = Optional.ofNullable(page.streamDescription().lastEvaluatedShardId());
    } while (last.isPresent());
  }

  private String iterator(String shard) {
    String after = lastSequenceNumbers.get(shard);
    try {
      return client
          .getShardIterator(
              request -> {
                request.streamArn(streamArn).shardId(shard);
                if (after == null) {
                  request.shardIteratorType(ShardIteratorType.TRIM_HORIZON);
                } else {
                  request
                      .shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                      .sequenceNumber(after);
                }
              })
          .shardIterator();
    } catch (TrimmedDataAccessException e) {
      lastSequenceNumbers.remove(shard);
      return iterator(shard);
    }
  }

  private void read(String shard, List<JsonObject> into) {
    String iterator = iterators.get(shard);
    if (iterator == null || iterator.isEmpty()) {
      return;
    }
    try {
      GetRecordsResponse page = client.getRecords(request -> request.shardIterator(iterator));
      page.records().forEach(record -> into.add(StreamRecords.json(record, streamArn, ttl)));
      if (!page.records().isEmpty()) {
        lastSequenceNumbers.put(shard, page.records().getLast().dynamodb().sequenceNumber());
      }
      String next = page.nextShardIterator();
      if (next == null) {
        // The shard is full: its child is there by now.
        readsUntilDescription = 0;
      }
      iterators.put(shard, next == null ? "" : next);
    } catch (ExpiredIteratorException | TrimmedDataAccessException e) {
      // Where several tables have streams, DynamoDB Local calls what was opened before the first
      // record trimmed.
      String again = iterator(shard);
      iterators.put(shard, again);
      if (!again.equals(iterator)) {
        read(shard, into);
      }
    }
  }

  /** Keeps the place: what was read so far has been dealt with. */
  void checkpoint() {
    checkpointFile.ifPresent(
        file -> {
          try {
            Files.writeString(
                file, Json.text(Map.of("stream", streamArn, "shards", lastSequenceNumbers)));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private void load(Path file) {
    try {
      JsonObject saved = Json.read(Files.readAllBytes(file));
      if (saved.getString("stream", "").equals(streamArn)) {
        JsonObject shards = saved.getJsonObject("shards");
        shards.keySet().forEach(shard -> lastSequenceNumbers.put(shard, shards.getString(shard)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
