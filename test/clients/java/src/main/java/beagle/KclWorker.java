package beagle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.coordinator.CoordinatorConfig.ClientVersionConfig;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.metrics.NullMetricsFactory;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/**
 * A worker of the Kinesis Client Library: writes the text of every record to a file, a line each, before it checkpoints.
 * Arguments: Kinesis endpoint, DynamoDB endpoint, application, stream, file, polling or fan-out.
 */
public final class KclWorker {
  private static final long FAILOVER_MS = 3000;

  private KclWorker() {}

  public static void main(String[] args) {
    String stream = args[3];
    Path file = Path.of(args[4]);
    KinesisAsyncClient kinesis = Clients.kinesis(args[0]);
    ConfigsBuilder configs =
        new ConfigsBuilder(
            new SingleStreamTracker(
                stream, InitialPositionInStreamExtended.newInitialPosition(InitialPositionInStream.TRIM_HORIZON)),
            args[2],
            kinesis,
            Clients.dynamoDb(args[1]),
            Clients.cloudWatch(args[1]),
            UUID.randomUUID().toString(),
            () -> new Writer(file));
    var retrieval = configs.retrievalConfig();
    if (args[5].equals("polling")) {
      retrieval.retrievalSpecificConfig(
          new PollingConfig(stream, kinesis).maxRecords(5000).idleTimeBetweenReadsInMillis(200));
    }
    var coordinator = configs.coordinatorConfig();
    // Workers take the leases of a dead one themselves. In version 3's own mode a leader does, and the lock of a leader
    // that was killed holds for minutes.
    coordinator.clientVersionConfig(ClientVersionConfig.CLIENT_VERSION_CONFIG_COMPATIBLE_WITH_2X);
    coordinator.shardConsumerDispatchPollIntervalMillis(100).parentShardPollIntervalMillis(500);
    // One worker at a time: nobody to hand a lease over to, or to compare loads with.
    var leases = configs.leaseManagementConfig().failoverTimeMillis(FAILOVER_MS).shardSyncIntervalMillis(1000);
    leases.gracefulLeaseHandoffConfig().isGracefulLeaseHandoffEnabled(false);
    leases.workerUtilizationAwareAssignmentConfig().disableWorkerMetrics(true);
    Scheduler scheduler =
        new Scheduler(
            configs.checkpointConfig(),
            coordinator,
            leases,
            configs.lifecycleConfig(),
            configs.metricsConfig().metricsFactory(new NullMetricsFactory()),
            configs.processorConfig(),
            retrieval);
    scheduler.run();
  }

  private static final class Writer implements ShardRecordProcessor {
    private final Path file;
    private String shardId = "";

    Writer(Path file) {
      this.file = file;
    }

    @Override
    public void initialize(InitializationInput input) {
      shardId = input.shardId();
    }

    @Override
    public void processRecords(ProcessRecordsInput input) {
      StringBuilder lines = new StringBuilder();
      input
          .records()
          .forEach(
              record ->
                  lines
                      .append(shardId)
                      .append(' ')
                      .append(StandardCharsets.UTF_8.decode(record.data()))
                      .append('\n'));
      try {
        write(file, lines);
        input.checkpointer().checkpoint();
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      } catch (ShutdownException | InvalidStateException error) {
        // Another worker has the shard now: it reads these records again.
        System.err.println("no checkpoint: " + error.getMessage());
      }
    }

    /** One at a time: a text of some length is written in parts, and those of two shards would mix within a line. */
    private static synchronized void write(Path file, CharSequence lines) throws IOException {
      Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public void leaseLost(LeaseLostInput input) {}

    @Override
    public void shardEnded(ShardEndedInput input) {
      try {
        input.checkpointer().checkpoint();
      } catch (ShutdownException | InvalidStateException error) {
        System.err.println("no checkpoint at the end of " + shardId + ": " + error.getMessage());
      }
    }

    @Override
    public void shutdownRequested(ShutdownRequestedInput input) {
      try {
        input.checkpointer().checkpoint();
      } catch (ShutdownException | InvalidStateException error) {
        System.err.println("no checkpoint: " + error.getMessage());
      }
    }
  }
}
