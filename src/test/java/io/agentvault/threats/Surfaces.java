package io.agentvault.threats;

import io.agentvault.local.faults.Call;
import io.agentvault.local.runtime.FunctionInstance;
import io.agentvault.local.runtime.LambdaFunction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Every place that something leaked would show in, as named bytes. */
final class Surfaces {
  /** A place and what stands there. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Surface(String name, byte[] content) {
    Surface(String name, String content) {
      this(name, content.getBytes(StandardCharsets.UTF_8));
    }
  }

  private final List<Surface> found = new ArrayList<>();

  void add(String name, String content) {
    found.add(new Surface(name, content));
  }

  /** Status, headers and body: what a caller sees. */
  void add(String name, Reply reply) {
    add(name, reply.status() + " " + reply.headers().map() + " " + reply.body());
  }

  /** Files below a directory, with the process output and database files among them. */
  void addFiles(Path directory) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile()) {
                found.add(
                    new Surface(directory.getFileName() + "/" + file.getFileName(), read(file)));
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      return new byte[0]; // gone meanwhile, as a process or a journal may be
    }
  }

  /** What any user of the machine could read of the functions' processes. */
  void addProcesses(Gate gate) {
    for (LambdaFunction function : gate.cloud().functions()) {
      for (FunctionInstance instance : function.instances()) {
        for (String file : List.of("cmdline", "environ")) {
          Path path = Path.of("/proc", Long.toString(instance.pid()), file);
          found.add(new Surface(instance.name() + " " + file, read(path)));
        }
      }
    }
  }

  /** All items, their binary attributes as they are. */
  void addTable(Rows rows) {
    for (Map<String, AttributeValue> item : rows.all()) {
      String name = "item " + Rows.text(item, "sk");
      add(name, item.toString());
      for (AttributeValue value : item.values()) {
        if (value.b() != null) {
          found.add(new Surface(name, value.b().asByteArray()));
        }
      }
    }
  }

  /** What went over the wire to AWS, answers of KMS left out: a data key is meant to be there. */
  void addWire(Gate gate) {
    for (Call call : gate.cloud().tap().calls()) {
      add("request " + call, call.request().toString());
      if (call.service().equals("dynamodb")) {
        found.add(new Surface("answer " + call, call.answer()));
      }
    }
  }

  int size() {
    return found.size();
  }

  /** Where a canary shows, by name. */
  List<String> holding(Canary canary) {
    return found.stream()
        .filter(surface -> canary.isIn(surface.content()))
        .map(surface -> canary + " in " + surface.name())
        .distinct()
        .toList();
  }
}
