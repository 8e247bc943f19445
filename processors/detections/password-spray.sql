-- Password spray (ATT&CK T1110.003): one address fails to sign in as many different people within ten minutes.
-- The people concerned are all who failed or got in from it. $1 and $2 bound the event time.
WITH attempts AS (
  SELECT
    src_ip,
    time_bucket(INTERVAL '10 minutes', time) AS window_start,
    time,
    actor_key,
    split_part(log_shard, '@', 1) AS stream,
    event_uid,
    status
  FROM events
  WHERE class_uid = 3002
    AND activity_id = 1
    -- An event without an actor has a key of its own: ten of them are not ten people.
    AND actor_uid IS NOT NULL
    AND src_ip IS NOT NULL
    AND time >= $1::TIMESTAMPTZ
    AND time < $2::TIMESTAMPTZ
)
SELECT
  src_ip AS entity,
  epoch_us(window_start) AS window_start_us,
  epoch_us(max(time)) AS time_us,
  count(*) FILTER (WHERE status = 'failure') AS failures,
  count(DISTINCT actor_key) FILTER (WHERE status = 'failure') AS failed_actors,
  count(DISTINCT actor_key) FILTER (WHERE status = 'success') AS signed_in_actors,
  list_sort(list(DISTINCT actor_key || chr(10) || stream)) AS actors,
  list_slice(list_sort(list(event_uid)), 1, 200) AS event_uids
FROM attempts
GROUP BY src_ip, window_start
HAVING count(DISTINCT actor_key) FILTER (WHERE status = 'failure') >= 10
ORDER BY window_start_us, entity
