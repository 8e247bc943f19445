package beagle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEventStream;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardRequest;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/** The AWS SDK for Java v2 (CBOR over HTTP/2) against an endpoint: streams, records, a split, a subscription. */
public final class SdkClient {
  private static final String STREAM = "java";
  private static final int RECORDS = 1000;

  private SdkClient() {}

  public static void main(String[] args) throws Exception {
    try (KinesisAsyncClient kinesis = Clients.kinesis(args[0])) {
      kinesis.createStream(b -> b.streamName(STREAM).shardCount(2)).join();
      kinesis.waiter().waitUntilStreamExists(b -> b.streamName(STREAM)).join();
      String arn =
          kinesis.describeStreamSummary(b -> b.streamName(STREAM)).join().streamDescriptionSummary().streamARN();
      Set<String> sent = put(kinesis, 0);
      int polled = poll(kinesis, sent);
      int subscribed = subscribe(kinesis, arn, sent);
      refuse(kinesis);
      kinesis.deleteStream(b -> b.streamName(STREAM).enforceConsumerDeletion(true)).join();
      System.out.printf("{\"sent\": %d, \"polled\": %d, \"subscribed\": %d}%n", sent.size(), polled, subscribed);
    }
  }

  private static Set<String> put(KinesisAsyncClient kinesis, int from) {
    Set<String> sent = new HashSet<>();
    for (int at = from; at < from + RECORDS; at += 500) {
      List<PutRecordsRequestEntry> entries = new ArrayList<>();
      for (int i = at; i < at + 500; i++) {
        String text = "record " + i;
        sent.add(text);
        entries.add(
            PutRecordsRequestEntry.builder().partitionKey("key " + i).data(SdkBytes.fromUtf8String(text)).build());
      }
      PutRecordsResponse answer = kinesis.putRecords(b -> b.streamName(STREAM).records(entries)).join();
      check(answer.failedRecordCount() == 0, "records were refused: " + answer);
    }
    return sent;
  }

  /** Reads every shard to its end, splits the first one, and reads what its children say. */
  private static int poll(KinesisAsyncClient kinesis, Set<String> sent) {
    Set<String> read = new HashSet<>();
    List<Shard> shards = kinesis.listShards(b -> b.streamName(STREAM)).join().shards();
    for (Shard shard : shards) {
      String iterator =
          kinesis
              .getShardIterator(
                  b ->
                      b.streamName(STREAM)
                          .shardId(shard.shardId())
                          .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
              .join()
              .shardIterator();
      while (true) {
        String from = iterator;
        var answer = kinesis.getRecords(b -> b.shardIterator(from).limit(300)).join();
        answer.records().forEach(record -> read.add(textOf(record)));
        if (answer.records().isEmpty() && answer.millisBehindLatest() == 0) break;
        iterator = answer.nextShardIterator();
      }
    }
    check(read.equals(sent), "read " + read.size() + " of " + sent.size());
    Shard first = shards.get(0);
    kinesis
        .splitShard(b -> b.streamName(STREAM).shardToSplit(first.shardId()).newStartingHashKey("12345"))
        .join();
    kinesis.waiter().waitUntilStreamExists(b -> b.streamName(STREAM)).join();
    long children =
        kinesis.listShards(b -> b.streamName(STREAM)).join().shards().stream()
            .filter(shard -> first.shardId().equals(shard.parentShardId()))
            .count();
    check(children == 2, children + " children after a split");
    return read.size();
  }

  /** Every shard over SubscribeToShard: what was put before and what is put while it runs; parents end with children. */
  private static int subscribe(KinesisAsyncClient kinesis, String arn, Set<String> sent) throws Exception {
    String consumer =
        kinesis.registerStreamConsumer(b -> b.streamARN(arn).consumerName("fan")).join().consumer().consumerARN();
    Set<String> read = ConcurrentHashMap.newKeySet();
    AtomicBoolean endsWithChildren = new AtomicBoolean();
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (Shard shard : kinesis.listShards(b -> b.streamName(STREAM)).join().shards()) {
      SubscribeToShardRequest request =
          SubscribeToShardRequest.builder()
              .consumerARN(consumer)
              .shardId(shard.shardId())
              .startingPosition(StartingPosition.builder().type(ShardIteratorType.TRIM_HORIZON).build())
              .build();
      SubscribeToShardResponseHandler handler =
          SubscribeToShardResponseHandler.builder()
              .onEventStream(
                  (SdkPublisher<SubscribeToShardEventStream> events) ->
                      events
                          .filter(SubscribeToShardEvent.class)
                          .subscribe(
                              event -> {
                                event.records().forEach(record -> read.add(textOf(record)));
                                if (event.hasChildShards() && event.childShards().size() == 2) {
                                  endsWithChildren.set(true);
                                }
                              }))
              .build();
      running.add(kinesis.subscribeToShard(request, handler));
    }
    sent.addAll(put(kinesis, RECORDS));
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!(read.size() == sent.size() && endsWithChildren.get()) && System.nanoTime() < until) Thread.sleep(20);
    running.forEach(future -> future.cancel(true));
    check(read.equals(sent), "subscriptions gave " + read.size() + " of " + sent.size());
    check(endsWithChildren.get(), "the closed shard's subscription did not name its children");
    return read.size();
  }

  private static void refuse(KinesisAsyncClient kinesis) {
    try {
      kinesis.describeStream(b -> b.streamName("nothing")).join();
    } catch (CompletionException error) {
      check(error.getCause() instanceof ResourceNotFoundException, "another error: " + error.getCause());
      return;
    }
    check(false, "a stream that is not there was described");
  }

  private static String textOf(Record record) {
    return record.data().asString(StandardCharsets.UTF_8);
  }

  private static void check(boolean holds, String message) {
    if (!holds) throw new AssertionError(message);
  }
}
