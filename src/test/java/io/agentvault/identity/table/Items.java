package io.agentvault.identity.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Items by primary key ({@code pk}, {@code sk}), and the index {@code tenant} as a view of them.
 */
final class Items {
  private static final List<String> INDEXED =
      List.of("pk", "sk", "tenant", "createdAt", "name", "scopes");

  private final TreeMap<Key, Map<String, AttributeValue>> items = new TreeMap<>();

  /** A primary key; sort keys are ASCII, so that characters sort as their bytes do. */
  record Key(String partition, String sortKey) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::partition).thenComparing(Key::sortKey);

    static Key of(Map<String, AttributeValue> item) {
      return new Key(text(item, "pk"), text(item, "sk"));
    }

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** The item, or an empty map. */
  Map<String, AttributeValue> get(Map<String, AttributeValue> key) {
    if (!key.keySet().containsAll(List.of("pk", "sk"))) {
      throw new AssertionError("a key must have pk and sk: " + key.keySet());
    }
    return items.getOrDefault(Key.of(key), Map.of());
  }

  void put(Map<String, AttributeValue> item) {
    items.put(Key.of(item), Map.copyOf(item));
  }

  void remove(Map<String, AttributeValue> key) {
    items.remove(Key.of(key));
  }

  /** All items in the table's order. */
  List<Map<String, AttributeValue>> inOrder() {
    return List.copyOf(items.values());
  }

  /** What the index holds, in its order. */
  List<Map<String, AttributeValue>> indexed() {
    List<Map<String, AttributeValue>> indexed = new ArrayList<>();
    for (Map<String, AttributeValue> item : items.values()) {
      if (item.containsKey("tenant") && item.containsKey("createdAt")) {
        Map<String, AttributeValue> entry = new HashMap<>(item);
        entry.keySet().retainAll(INDEXED);
        indexed.add(entry);
      }
    }
    indexed.sort(INDEX_ORDER);
    return indexed;
  }

  static final Comparator<Map<String, AttributeValue>> ORDER = Comparator.comparing(Key::of);

  static final Comparator<Map<String, AttributeValue>> INDEX_ORDER =
      Comparator.comparing((Map<String, AttributeValue> item) -> text(item, "tenant"))
          .thenComparing(item -> text(item, "createdAt"))
          .thenComparing(ORDER);

  private static String text(Map<String, AttributeValue> item, String name) {
    AttributeValue value = Objects.requireNonNull(item.get(name), name);
    return Objects.requireNonNull(value.s(), name);
  }
}
