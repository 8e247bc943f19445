import type { ReactNode } from 'react';
import { Frame } from './parts/frame.tsx';
import { Link } from './parts/marks.tsx';
import { Empty } from './parts/panel.tsx';
import { useLocation } from './route.ts';
import { EventView } from './views/event.tsx';
import { FindingsView } from './views/findings.tsx';
import { LiveView } from './views/live.tsx';
import { OverviewView } from './views/overview.tsx';
import { PeopleView } from './views/people.tsx';
import { PersonView } from './views/person.tsx';
import { PipelineView } from './views/pipeline.tsx';
import { PoliciesView } from './views/policies.tsx';

interface Page {
  readonly title: string;
  readonly view: string;
  readonly body: ReactNode;
}

/** Chooses the view by the address. */
export function App() {
  const { title, view, body } = pageOf(useLocation());
  return (
    <Frame title={title} view={view}>
      {body}
    </Frame>
  );
}

function pageOf(url: URL): Page {
  const [, head = '', name] = url.pathname.split('/');
  const wanted = name === undefined ? null : decode(name);
  if (head === '') return page('Overview', <OverviewView range={url.searchParams.get('range') ?? 'live'} />);
  if (head === 'live') return page('Live', <LiveView url={url} />);
  if (head === 'people' && wanted) return { title: 'Person', view: 'People', body: <PersonView actorKey={wanted} /> };
  if (head === 'people') return page('People', <PeopleView search={url.searchParams.get('search') ?? ''} />);
  if (head === 'events' && wanted) return { title: 'Event', view: 'Live', body: <EventView uid={wanted} /> };
  if (head === 'findings') return page('Findings', <FindingsView />);
  if (head === 'policies') return page('Policies', <PoliciesView />);
  if (head === 'pipeline') return page('Pipeline', <PipelineView />);
  return { title: 'Nothing here', view: '', body: <Nowhere /> };
}

function page(name: string, body: ReactNode): Page {
  return { title: name, view: name, body };
}

/** A name in the address that was not encoded properly is taken as it stands. */
function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function Nowhere() {
  return (
    <Empty>
      There is nothing at this address. <Link to="/">Go to Overview</Link>
    </Empty>
  );
}
