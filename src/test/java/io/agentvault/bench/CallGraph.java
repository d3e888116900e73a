package io.agentvault.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who called whom in a process, and how often, as callgrind writes it down.
 *
 * @param callees of each function, in the order of the file
 * @param calls of each function that was called
 */
record CallGraph(Map<String, Set<String>> callees, Map<String, Long> calls) {
  /** A name at its first mention, its number at each; a call by itself counts as another one. */
  private static final Pattern NAME = Pattern.compile("(c?fn)=\\((\\d+)\\)(?: (.*?)(?:'\\d+)?)?");

  private static final Pattern CALLS = Pattern.compile("calls=(\\d+) .*");

  /**
   * @param lines of a file of callgrind's, with compressed names
   */
  static CallGraph read(List<String> lines) {
    Map<String, String> names = new HashMap<>();
    Map<String, Set<String>> callees = new LinkedHashMap<>();
    Map<String, Long> calls = new HashMap<>();
    String caller = "";
    String callee = "";
    for (String line : lines) {
      Matcher name = NAME.matcher(line);
      Matcher called = CALLS.matcher(line);
      if (name.matches()) {
        if (name.group(3) != null) {
          names.put(name.group(2), name.group(3));
        }
        String function = Objects.requireNonNull(names.get(name.group(2)));
        if (name.group(1).equals("fn")) {
          caller = function;
          callees.computeIfAbsent(caller, each -> new LinkedHashSet<>());
        } else {
          callee = function;
          callees.computeIfAbsent(caller, each -> new LinkedHashSet<>()).add(callee);
        }
      } else if (called.matches()) {
        calls.merge(callee, Long.parseLong(called.group(1)), Long::sum);
      }
    }
    return new CallGraph(callees, calls);
  }

  /** Each function once, behind the first that calls it: about as they were first called. */
  List<String> depthFirst() {
    Set<String> called = new HashSet<>();
    callees.values().forEach(called::addAll);
    List<String> roots = new ArrayList<>(callees.keySet());
    roots.removeAll(called);
    roots.addAll(callees.keySet()); // what only calls itself
    Set<String> seen = new LinkedHashSet<>();
    for (String root : roots) {
      Deque<String> next = new ArrayDeque<>(List.of(root));
      while (!next.isEmpty()) {
        String function = next.pop();
        if (seen.add(function)) {
          new ArrayList<>(callees.getOrDefault(function, Set.of())).reversed().forEach(next::push);
        }
      }
    }
    return new ArrayList<>(seen);
  }

  /** Those of {@link #depthFirst} that were called so often, or oftener. */
  List<String> calledAtLeast(long times) {
    return depthFirst().stream().filter(each -> calls.getOrDefault(each, 0L) >= times).toList();
  }

  /** One after the other, each function where it is first. */
  static List<String> joined(Collection<List<String>> lists) {
    return lists.stream().flatMap(List::stream).distinct().toList();
  }
}
