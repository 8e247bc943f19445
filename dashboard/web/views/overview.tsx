import type { Overview } from '../../api.ts';
import { useJson } from '../live/use-json.ts';
import { Failure } from '../parts/panel.tsx';
import { DarwinPanels } from './darwin-panel.tsx';
import { FeedPanel } from './feed-panel.tsx';
import { Foot } from './foot.tsx';
import { LivePanel } from './live-panel.tsx';
import { PeoplePanel } from './people-panel.tsx';
import { Strip } from './strip.tsx';

/** The page that stays open all day. */
export function OverviewView({ range }: { range: string }) {
  const { data, error } = useJson<Overview>('/api/overview', 5000);
  return (
    <div className="overview">
      <h1 className="sr-only">Overview</h1>
      {error && data === null ? <Failure what="The last hour" error={error} /> : null}
      <Strip overview={data} />
      <div className="columns">
        <div className="column">
          <LivePanel range={range} />
          <FeedPanel />
        </div>
        <div className="column">
          <PeoplePanel />
          <DarwinPanels />
        </div>
      </div>
      <Foot />
    </div>
  );
}
