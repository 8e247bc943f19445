import type { FindingRow } from '../../api.ts';
import { useNow } from '../live/context.ts';
import { useJson } from '../live/use-json.ts';
import { Ago, Link } from '../parts/marks.tsx';
import { Empty, Failure, Panel, Skeleton } from '../parts/panel.tsx';
import { Reasons } from '../parts/reasons.tsx';

const SEVERITIES = ['unknown', 'informational', 'low', 'medium', 'high', 'critical', 'fatal'];

/** What the detections found, newest first. */
export function FindingsView() {
  const { data, error } = useJson<{ findings: FindingRow[] }>('/api/findings?limit=200', 5000);
  const now = useNow();
  return (
    <div className="view">
      <h1 className="sr-only">Findings</h1>
      <Panel id="findings" title="Findings" note="newest first">
        {data?.findings.map((finding) => (
          <Finding key={finding.finding_uid} finding={finding} now={now} />
        ))}
        {data?.findings.length === 0 ? (
          <Empty>
            No detection has found anything yet. Findings appear here, with what they rest on, as soon as one does.
          </Empty>
        ) : null}
        {data === null && error ? <Failure what="Findings" error={error} /> : null}
        {data === null && !error ? <Skeleton lines={8} /> : null}
      </Panel>
    </div>
  );
}

function Finding({ finding, now }: { finding: FindingRow; now: number }) {
  const words = finding.detection_id.replaceAll(/[-_]+/g, ' ');
  return (
    <article className="finding">
      <h3>
        {words.charAt(0).toUpperCase() + words.slice(1)}{' '}
        <span className="muted">
          {SEVERITIES[finding.severity_id] ?? 'other'} severity · {finding.status} · <Ago us={finding.time} now={now} />
          {finding.attack.length > 0 ? ` · ${finding.attack.join(', ')}` : ''}
        </span>
      </h3>
      <FindingReasons reasons={finding.reasons} />
      <p className="entities">
        {finding.entities.slice(0, 30).map((entity) => (
          <Entity key={entity} entity={entity} />
        ))}
      </p>
    </article>
  );
}

/** `signal:share` reads as shares; anything else is a sentence already. */
function FindingReasons({ reasons }: { reasons: readonly string[] }) {
  const shares = reasons.filter((reason) => /:[\d.]+$/.test(reason));
  return (
    <>
      {reasons
        .filter((reason) => !shares.includes(reason))
        .map((reason) => (
          <p key={reason}>{reason}</p>
        ))}
      {shares.length > 0 ? <Reasons reasons={shares} /> : null}
    </>
  );
}

function Entity({ entity }: { entity: string }) {
  const address = /^(?:address|ip|src_ip):(.+)$/.exec(entity)?.[1];
  const to = address ? `/live?ip=${encodeURIComponent(address)}` : `/people/${encodeURIComponent(entity)}`;
  return <Link to={to}>{address ?? entity}</Link>;
}
