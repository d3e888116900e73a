package io.agentvault.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** Evidence §4: the tree of RFC 9162 §2.1 over the heads of one batch. */
final class MerkleTree {
  private static final byte[] LEAF = {0};
  private static final byte[] NODE = {1};

  private final List<byte[]> leaves;

  /**
   * @param heads at least one
   */
  MerkleTree(List<String> heads) {
    this.leaves = heads.stream().map(head -> Hash.bytes(LEAF, head.getBytes(UTF_8))).toList();
  }

  String root() {
    return Hash.hex(root(leaves));
  }

  int size() {
    return leaves.size();
  }

  /** The hashes beside the way from a leaf to the root, from the leaf upwards. */
  List<String> path(int index) {
    List<String> path = new ArrayList<>();
    collect(leaves, index, path);
    return path;
  }

  private static byte[] root(List<byte[]> leaves) {
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int split = split(leaves.size());
    return Hash.bytes(
        NODE, root(leaves.subList(0, split)), root(leaves.subList(split, leaves.size())));
  }

  private static void collect(List<byte[]> leaves, int index, List<String> path) {
    if (leaves.size() == 1) {
      return;
    }
    int split = split(leaves.size());
    List<byte[]> left = leaves.subList(0, split);
    List<byte[]> right = leaves.subList(split, leaves.size());
    if (index < split) {
      collect(left, index, path);
      path.add(Hash.hex(root(right)));
    } else {
      collect(right, index - split, path);
      path.add(Hash.hex(root(left)));
    }
  }

  /** The largest power of two below {@code size}. */
  private static int split(int size) {
    return Integer.highestOneBit(size - 1);
  }
}
