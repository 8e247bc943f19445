/** A line of the last values without axes: decoration beside its figure, hidden from readers. */
export function sparkline(values: readonly number[], { width = 120, height = 24 } = {}) {
  const high = Math.max(...values, 0) || 1;
  const x = (index: number) => (values.length < 2 ? width : (index / (values.length - 1)) * width);
  const y = (value: number) => height - 1.5 - (value / high) * (height - 3);
  const line = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  return (
    <svg className="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <polygon points={`0,${height} ${line} ${width},${height}`} />
      <polyline points={line} />
    </svg>
  );
}
