package io.agentvault.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** Evidence §4: the tree of RFC 9162 §2.1 over the heads of one batch. */
final class MerkleTree {
  private static final byte[] LEAF = {0};
  private static final byte[] NODE = {1};

  private final Node top;

  /**
   * @param heads at least one
   */
  MerkleTree(List<String> heads) {
    this.top = over(heads.stream().map(Node::leaf).toList());
  }

  String root() {
    return Hash.hex(top.hash);
  }

  int size() {
    return top.leaves;
  }

  /** The hashes beside the way from a leaf to the root, from the leaf upwards. */
  List<String> path(int index) {
    List<String> downwards = new ArrayList<>();
    int place = index;
    for (Node at = top; at.leaves > 1; ) {
      Node left = at.below.getFirst();
      Node right = at.below.getLast();
      boolean isLeft = place < left.leaves;
      downwards.add(Hash.hex(isLeft ? right.hash : left.hash));
      place -= isLeft ? 0 : left.leaves;
      at = isLeft ? left : right;
    }
    return downwards.reversed();
  }

  private static Node over(List<Node> leaves) {
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int split = Integer.highestOneBit(leaves.size() - 1); // the largest power of two below
    return Node.of(over(leaves.subList(0, split)), over(leaves.subList(split, leaves.size())));
  }

  /** A leaf, or what stands over two. */
  private static final class Node {
    private final byte[] hash;
    private final int leaves;
    private final List<Node> below;

    private Node(byte[] hash, int leaves, List<Node> below) {
      this.hash = hash;
      this.leaves = leaves;
      this.below = below;
    }

    static Node leaf(String head) {
      return new Node(Hash.bytes(LEAF, head.getBytes(UTF_8)), 1, List.of());
    }

    static Node of(Node left, Node right) {
      byte[] hash = Hash.bytes(NODE, left.hash, right.hash);
      return new Node(hash, left.leaves + right.leaves, List.of(left, right));
    }
  }
}
