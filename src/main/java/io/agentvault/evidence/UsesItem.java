package io.agentvault.evidence;

import static io.agentvault.remote.Attributes.number;
import static io.agentvault.remote.Attributes.text;

import io.agentvault.remote.Attributes;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How counts stand in the table: {@code USES#<agentId>} / the label or {@code /total}. */
final class UsesItem {
  static final String PARTITION_PREFIX = "USES#";

  private static final String BY_CATEGORY = "category.";
  private static final String DAY = "day";
  private static final String DAYS_COUNT = "dayCount";
  private static final String WHAT = "count of uses";

  private UsesItem() {}

  static Map<String, AttributeValue> key(String agent, String name) {
    return Map.of("pk", text(PARTITION_PREFIX + agent), "sk", text(name));
  }

  static Map<String, AttributeValue> write(String agent, Uses uses) {
    Map<String, AttributeValue> item = new HashMap<>(key(agent, uses.name()));
    uses.credentialId().ifPresent(id -> item.put("credentialId", text(id)));
    item.put("count", number(uses.count()));
    item.put("errors", number(uses.errors()));
    uses.lastUsedAt().ifPresent(at -> item.put("lastUsedAt", text(at.toString())));
    uses.latest()
        .ifPresent(
            day -> {
              item.put(DAY, text(day.date().toString()));
              item.put(DAYS_COUNT, number(day.count()));
            });
    uses.byCategory().forEach((name, count) -> item.put(BY_CATEGORY + name, number(count)));
    return item;
  }

  static Uses read(Map<String, AttributeValue> item) {
    Attributes attributes = Attributes.of(item);
    Map<String, Long> categories = new HashMap<>();
    for (String name : item.keySet()) {
      if (name.startsWith(BY_CATEGORY)) {
        categories.put(name.substring(BY_CATEGORY.length()), attributes.number(name, WHAT));
      }
    }
    return new Uses(
        attributes.text("sk", WHAT),
        attributes.optionalText("credentialId"),
        attributes.number("count", WHAT),
        attributes.number("errors", WHAT),
        attributes.optionalInstant("lastUsedAt", WHAT),
        categories,
        attributes
            .optionalText(DAY)
            .map(day -> new Uses.Day(LocalDate.parse(day), attributes.number(DAYS_COUNT, WHAT))));
  }
}
