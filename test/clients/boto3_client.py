"""Every family of Kinesis operations through boto3, against the endpoint whose address is the only argument.

Prints one line of JSON, {"operations": [...], "records": n}; any surprise is an exception and exit code 1.
"""

import json
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

CALLED = set()


def main(endpoint):
    client = boto3.client(
        "kinesis",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 1}),
    )
    client.meta.events.register("before-call.kinesis", lambda model, **_: CALLED.add(model.name))
    arn = streams(client)
    records = write_and_read(client)
    reshard(client)
    tags(client, arn)
    consumers(client, arn)
    settings(client, arn)
    errors(client)
    client.delete_stream(StreamName="clients", EnforceConsumerDeletion=True)
    client.get_waiter("stream_not_exists").wait(StreamName="clients", WaiterConfig={"Delay": 1, "MaxAttempts": 10})
    print(json.dumps({"operations": sorted(CALLED), "records": records}))


def streams(client):
    client.create_stream(StreamName="clients", ShardCount=2)
    client.get_waiter("stream_exists").wait(StreamName="clients", WaiterConfig={"Delay": 1, "MaxAttempts": 10})
    assert "clients" in client.list_streams()["StreamNames"]
    described = client.describe_stream(StreamName="clients")["StreamDescription"]
    assert described["StreamStatus"] == "ACTIVE" and len(described["Shards"]) == 2, described
    summary = client.describe_stream_summary(StreamName="clients")["StreamDescriptionSummary"]
    assert summary["OpenShardCount"] == 2 and summary["RetentionPeriodHours"] == 24, summary
    limits = client.describe_limits()
    assert limits["OpenShardCount"] >= 2, limits
    assert client.get_paginator("list_streams").paginate().build_full_result()["StreamNames"] == ["clients"]
    return described["StreamARN"]


def read_all(client, shard, iterator_type="TRIM_HORIZON", **start):
    iterator = client.get_shard_iterator(
        StreamName="clients", ShardId=shard, ShardIteratorType=iterator_type, **start
    )["ShardIterator"]
    records = []
    while iterator:
        answer = client.get_records(ShardIterator=iterator, Limit=1000)
        records += answer["Records"]
        iterator = answer.get("NextShardIterator")
        if not answer["Records"] and answer["MillisBehindLatest"] == 0:
            break
    return records


def write_and_read(client):
    before = time.time()
    one = client.put_record(StreamName="clients", PartitionKey="ä" * 10, Data=bytes(range(256)))
    assert one["ShardId"].startswith("shardId-") and len(one["SequenceNumber"]) == 56, one
    placed = client.put_record(
        StreamName="clients", PartitionKey="x", ExplicitHashKey="0", Data=b"placed", SequenceNumberForOrdering=one["SequenceNumber"]
    )
    assert placed["ShardId"] == "shardId-000000000000", placed
    sent = [{"PartitionKey": f"key-{i}", "Data": b"%d" % i} for i in range(500)]
    many = client.put_records(StreamName="clients", Records=sent)
    assert many["FailedRecordCount"] == 0 and len(many["Records"]) == 500, many
    shards = [shard["ShardId"] for shard in client.list_shards(StreamName="clients")["Shards"]]
    held = [record for shard in shards for record in read_all(client, shard)]
    data = {record["Data"] for record in held}
    assert len(held) == 502 and data == {b"%d" % i for i in range(500)} | {bytes(range(256)), b"placed"}
    assert all(abs(record["ApproximateArrivalTimestamp"].timestamp() - before) < 60 for record in held)
    first = read_all(client, one["ShardId"])
    for kind, expected in (("AT_SEQUENCE_NUMBER", first[3:]), ("AFTER_SEQUENCE_NUMBER", first[4:])):
        got = read_all(client, one["ShardId"], kind, StartingSequenceNumber=first[3]["SequenceNumber"])
        assert [r["SequenceNumber"] for r in got] == [r["SequenceNumber"] for r in expected], kind
    assert read_all(client, one["ShardId"], "LATEST") == []
    assert len(read_all(client, one["ShardId"], "AT_TIMESTAMP", Timestamp=before - 60)) == len(first)
    return len(held)


def reshard(client):
    client.split_shard(StreamName="clients", ShardToSplit="shardId-000000000000", NewStartingHashKey="1000")
    children = [s for s in client.list_shards(StreamName="clients")["Shards"] if s.get("ParentShardId")]
    assert [s["HashKeyRange"]["StartingHashKey"] for s in children] == ["0", "1000"], children
    client.merge_shards(
        StreamName="clients", ShardToMerge=children[0]["ShardId"], AdjacentShardToMerge=children[1]["ShardId"]
    )
    merged = client.list_shards(StreamName="clients")["Shards"][-1]
    assert {merged["ParentShardId"], merged["AdjacentParentShardId"]} == {s["ShardId"] for s in children}, merged
    iterator = client.get_shard_iterator(
        StreamName="clients", ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    while iterator:
        answer = client.get_records(ShardIterator=iterator)
        iterator = answer.get("NextShardIterator")
    assert {s["ShardId"] for s in answer["ChildShards"]} == {s["ShardId"] for s in children}, answer
    latest = client.list_shards(StreamName="clients", ShardFilter={"Type": "AT_LATEST"})["Shards"]
    assert len(latest) == 2 and merged["ShardId"] in {s["ShardId"] for s in latest}, latest
    answer = client.update_shard_count(StreamName="clients", TargetShardCount=4, ScalingType="UNIFORM_SCALING")
    assert answer["TargetShardCount"] == 4, answer


def tags(client, arn):
    client.add_tags_to_stream(StreamName="clients", Tags={"team": "security", "stage": "test"})
    client.remove_tags_from_stream(StreamName="clients", TagKeys=["stage"])
    assert client.list_tags_for_stream(StreamName="clients")["Tags"] == [{"Key": "team", "Value": "security"}]
    client.tag_resource(ResourceARN=arn, Tags={"cost": "none"})
    client.untag_resource(ResourceARN=arn, TagKeys=["team"])
    assert client.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "cost", "Value": "none"}]


def consumers(client, arn):
    consumer = client.register_stream_consumer(StreamARN=arn, ConsumerName="fan")["Consumer"]
    described = client.describe_stream_consumer(ConsumerARN=consumer["ConsumerARN"])["ConsumerDescription"]
    assert described["ConsumerStatus"] == "ACTIVE", described
    assert [c["ConsumerName"] for c in client.list_stream_consumers(StreamARN=arn)["Consumers"]] == ["fan"]
    client.deregister_stream_consumer(ConsumerARN=consumer["ConsumerARN"])


def settings(client, arn):
    client.increase_stream_retention_period(StreamName="clients", RetentionPeriodHours=48)
    client.decrease_stream_retention_period(StreamName="clients", RetentionPeriodHours=24)
    monitored = client.enable_enhanced_monitoring(StreamName="clients", ShardLevelMetrics=["IncomingBytes"])
    assert monitored["DesiredShardLevelMetrics"] == ["IncomingBytes"], monitored
    client.disable_enhanced_monitoring(StreamName="clients", ShardLevelMetrics=["ALL"])
    client.start_stream_encryption(StreamName="clients", EncryptionType="KMS", KeyId="alias/aws/kinesis")
    assert client.describe_stream_summary(StreamName="clients")["StreamDescriptionSummary"]["EncryptionType"] == "KMS"
    client.stop_stream_encryption(StreamName="clients", EncryptionType="KMS", KeyId="alias/aws/kinesis")
    account = arn.split(":")[4]
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "reader",
                "Effect": "Allow",
                "Principal": {"AWS": account},
                "Action": ["kinesis:GetRecords"],
                "Resource": arn,
            }
        ],
    }
    client.put_resource_policy(ResourceARN=arn, Policy=json.dumps(policy))
    assert json.loads(client.get_resource_policy(ResourceARN=arn)["Policy"]) == policy
    client.delete_resource_policy(ResourceARN=arn)
    client.update_stream_mode(StreamARN=arn, StreamModeDetails={"StreamMode": "ON_DEMAND"})
    mode = client.describe_stream_summary(StreamName="clients")["StreamDescriptionSummary"]["StreamModeDetails"]
    assert mode == {"StreamMode": "ON_DEMAND"}, mode
    if "UpdateMaxRecordSize" in client.meta.service_model.operation_names:
        client.update_max_record_size(StreamARN=arn, MaxRecordSizeInKiB=2048)
        client.put_record(StreamName="clients", PartitionKey="large", Data=b"x" * (1536 * 1024))
    if "DescribeAccountSettings" in client.meta.service_model.operation_names:
        client.describe_account_settings()


def errors(client):
    wrong = [
        ("ResourceNotFoundException", lambda: client.describe_stream(StreamName="nothing")),
        ("ResourceInUseException", lambda: client.create_stream(StreamName="clients", ShardCount=1)),
        ("InvalidArgumentException", lambda: client.get_records(ShardIterator="A" * 100)),
        ("ValidationException", lambda: client.create_stream(StreamName="a b", ShardCount=1)),
    ]
    for code, call in wrong:
        try:
            call()
        except ClientError as error:
            assert error.response["Error"]["Code"] == code, error
        else:
            raise AssertionError(f"{code} was expected")


main(sys.argv[1])
