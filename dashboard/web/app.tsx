import { Frame } from './parts/frame.tsx';
import { useLocation } from './route.ts';
import { OverviewView } from './views/overview.tsx';

/** Chooses the view by the address. */
export function App() {
  const url = useLocation();
  return (
    <Frame title="Overview" view="Overview">
      <OverviewView range={url.searchParams.get('range') ?? 'live'} />
    </Frame>
  );
}
