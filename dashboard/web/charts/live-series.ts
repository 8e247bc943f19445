import uPlot from 'uplot';
import { appColor, themeColor } from './colors.ts';

export interface SeriesData {
  /** Seconds since 1970. */
  readonly at: readonly number[];
  /** In stacking order, bottom first. */
  readonly apps: readonly string[];
  /** Events/s, one list an app. */
  readonly values: readonly (readonly number[])[];
}

export interface SeriesOptions {
  readonly width: number;
  readonly height: number;
  /** Index under the pointer, or null when it left. */
  readonly onCursor: (index: number | null) => void;
}

export type SeriesElement = HTMLElement & {
  update(data: SeriesData): void;
  resize(width: number, height: number): void;
  destroy(): void;
};

/** A chart that has just begun still shows a minute. */
const SPAN_MIN_S = 60;
/** Round steps of time on the axis, seconds. */
const STEPS_S = [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400];

/** Stacked areas of events/s by app over time (UTC). The apps are fixed when it is made. */
export function liveSeries(data: SeriesData, options: SeriesOptions): SeriesElement {
  const element = document.createElement('div');
  const axis = {
    stroke: themeColor('--muted'),
    grid: { stroke: themeColor('--grid'), width: 1 },
    ticks: { show: false },
    font: '11px "Inter Variable", sans-serif',
  };
  const plot = new uPlot(
    {
      width: options.width,
      height: options.height,
      padding: [8, 16, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      scales: {
        x: { time: true, range: (_plot, low, high) => [Math.min(low, high - SPAN_MIN_S), high] },
        y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.1)] },
      },
      axes: [
        { ...axis, size: 24, gap: 4, space: 72, incrs: STEPS_S, values: timeLabels },
        { ...axis, size: 44, gap: 6 },
      ],
      series: [
        {},
        ...data.apps.map((app) => {
          const color = themeColor(`--app-${appColor(app)}`);
          return { label: app, stroke: color, fill: `${color}59`, width: 1, points: { show: false } };
        }),
      ],
      bands: data.apps.slice(1).map((app, index) => ({
        series: [index + 2, index + 1] as [number, number],
        fill: `${themeColor(`--app-${appColor(app)}`)}59`,
      })),
      hooks: { setCursor: [(self) => options.onCursor(self.cursor.idx ?? null)] },
    },
    stacked(data),
    element,
  );
  return Object.assign(element, {
    update: (next: SeriesData) => plot.setData(stacked(next)),
    resize: (width: number, height: number) => plot.setSize({ width, height }),
    destroy: () => plot.destroy(),
  });
}

function stacked({ at, values }: SeriesData): uPlot.AlignedData {
  let below: number[] = new Array(at.length).fill(0);
  const sums = values.map((list) => {
    below = below.map((sum, index) => sum + (list[index] ?? 0));
    return below;
  });
  return [[...at], ...sums];
}

/** Hours and minutes; the day instead at midnight; seconds when the ticks are that close. */
function timeLabels(_plot: uPlot, ticks: number[]): string[] {
  const isClose = ticks.length > 1 && (ticks[1] ?? 0) - (ticks[0] ?? 0) < 60;
  return ticks.map((seconds) => {
    const text = new Date(seconds * 1000).toISOString();
    if (seconds % 86_400 === 0) return text.slice(5, 10);
    return text.slice(11, isClose ? 19 : 16);
  });
}
