/** 16 × 16 line drawings, one path each. */
const PATHS: Record<string, string> = {
  Beagle: 'M2 8a6 6 0 1 1 12 0a6 6 0 1 1-12 0M6 8a2 2 0 1 1 4 0a2 2 0 1 1-4 0',
  Overview: 'M2 2h5v7H2zM9 2h5v4H9zM2 11h5v3H2zM9 8h5v6H9z',
  Live: 'M1 8h3l2-5 4 10 2-5h3',
  People:
    'M5.5 7a2.5 2.5 0 1 0 0-5a2.5 2.5 0 0 0 0 5M1 14c0-3 2-5 4.5-5s4.5 2 4.5 5M11 7a2 2 0 1 0-1-4M12 9c2 0 3 2 3 5',
  Findings: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10M10.5 10.5L14 14M7 4.5V7.5M7 9.2v.3',
  Policies: 'M8 1.5l5.5 2v4c0 3.5-2.5 6-5.5 7c-3-1-5.5-3.5-5.5-7v-4zM5.5 8l2 2 3.5-4',
  Pipeline: 'M1 4h5v8H1zM10 4h5v8h-5zM6 8h4M8 6.5L10 8L8 9.5',
  Keys: 'M1.5 4h13v8h-13zM4 6.5h.1M7 6.5h.1M10 6.5h.1M12.4 6.5h.1M5 9.5h6',
  Light: 'M8 11a3 3 0 1 0 0-6a3 3 0 0 0 0 6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  Dark: 'M13.5 9.5A6 6 0 1 1 6.5 2.5a5 5 0 0 0 7 7z',
};

export function Icon({ name }: { name: string }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width={16} height={16} aria-hidden="true">
      <path d={PATHS[name] ?? ''} />
    </svg>
  );
}
