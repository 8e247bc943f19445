import { useEffect, useMemo, useRef, useState } from 'react';
import type { Series } from '../../api.ts';
import { appColor } from '../charts/colors.ts';
import { liveSeries, type SeriesData, type SeriesElement } from '../charts/live-series.ts';
import { clockTime, rate } from '../format.ts';
import { useLive } from '../live/context.ts';
import { useJson } from '../live/use-json.ts';
import { ChartPanel, type ChartTable } from '../parts/chart-panel.tsx';
import { Empty, Failure, Skeleton } from '../parts/panel.tsx';
import { Sized } from '../parts/sized.tsx';
import { useTheme } from '../theme.ts';

const RANGE_WORDS: Record<string, string> = { '1h': 'last hour', '24h': 'last 24 h', '7d': 'last 7 days' };

/** Events/s by app: second by second when live, from the lake for longer ranges. */
export function LivePanel({ range }: { range: string }) {
  return range === 'live' ? <NowPanel /> : <PastPanel range={range} />;
}

function NowPanel() {
  const { history, health } = useLive();
  const data = useMemo(() => toData(history, 1), [history]);
  const isEmpty = data.apps.length === 0;
  return (
    <SeriesPanel data={data} words="last 10 min">
      {health === null ? <Skeleton lines={5} /> : isEmpty ? <Nothing /> : null}
    </SeriesPanel>
  );
}

function PastPanel({ range }: { range: string }) {
  const { data: series, error } = useJson<Series>(`/api/series?range=${range}`, 10_000);
  const data = useMemo(() => toData(series?.points ?? [], series?.bucketS ?? 1), [series]);
  return (
    <SeriesPanel data={data} words={RANGE_WORDS[range] ?? range}>
      {series === null ? error ? <Failure what="The series" error={error} /> : <Skeleton lines={5} /> : null}
      {series && data.apps.length === 0 ? <Nothing /> : null}
    </SeriesPanel>
  );
}

function Nothing() {
  return (
    <Empty>
      No events in this time. They appear as soon as an app sends some: start <code>beagle up</code>, or bring history
      in with <code>beagle import okta FILE</code>.
    </Empty>
  );
}

function SeriesPanel(props: { data: SeriesData; words: string; children: React.ReactNode }) {
  const { data, words } = props;
  const [cursor, setCursor] = useState<number | null>(null);
  const at = cursor !== null && cursor < data.at.length ? cursor : data.at.length - 1;
  const seconds = data.at[at];
  const hasChart = data.apps.length > 0;
  return (
    <ChartPanel
      id="series"
      className="series-panel"
      title="Events per second by app"
      note={seconds === undefined || cursor === null ? words : `${clockTime(seconds * 1e6, true)} UTC`}
      tools={hasChart ? <Legend data={data} at={at} /> : null}
      table={() => toTable(data)}
    >
      {hasChart ? (
        <Sized className="chart-room">
          {(width, height) => <Plot data={data} width={width} height={height} onCursor={setCursor} />}
        </Sized>
      ) : null}
      {props.children}
    </ChartPanel>
  );
}

function Plot(props: { data: SeriesData; width: number; height: number; onCursor: (at: number | null) => void }) {
  const room = useRef<HTMLDivElement>(null);
  const chart = useRef<SeriesElement | null>(null);
  const theme = useTheme();
  const apps = props.data.apps.join('\n');
  const latest = useRef(props);
  latest.current = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours and series are fixed when it is made; the rest is updated below
  useEffect(() => {
    const { data, width, height, onCursor } = latest.current;
    const made = liveSeries(data, { width, height, onCursor });
    chart.current = made;
    room.current?.append(made);
    return () => {
      made.destroy();
      made.remove();
      chart.current = null;
    };
  }, [apps, theme]);
  useEffect(() => chart.current?.update(props.data), [props.data]);
  useEffect(() => chart.current?.resize(props.width, props.height), [props.width, props.height]);
  return <div ref={room} role="img" aria-label="Events per second by app, stacked; press t for the table" />;
}

function Legend({ data, at }: { data: SeriesData; at: number }) {
  return (
    <ul className="legend" aria-label="Events per second by app at the pointer, else the newest">
      {data.apps.map((app, index) => (
        <li key={app}>
          <i data-app={appColor(app)} />
          {app} <span className="num">{rate(data.values[index]?.[at] ?? 0)}</span>
        </li>
      ))}
    </ul>
  );
}

function toData(points: readonly { at: number; byApp: Record<string, number> }[], bucketS: number): SeriesData {
  const apps = [...new Set(points.flatMap((point) => Object.keys(point.byApp)))].sort().slice(0, 24);
  return {
    at: points.map((point) => point.at / 1e6),
    apps,
    values: apps.map((app) => points.map((point) => (point.byApp[app] ?? 0) / bucketS)),
  };
}

function toTable(data: SeriesData): ChartTable {
  const rows = data.at.map((seconds, index) => [
    new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' '),
    ...data.values.map((list) => rate(list[index] ?? 0)),
  ]);
  return { head: ['Time, UTC', ...data.apps.map((app) => `${app}, events/s`)], rows: rows.reverse() };
}
