import type { ReactNode } from 'react';

/** A titled section; charts and tables live in it. */
export function Panel(props: {
  id: string;
  title: string;
  note?: ReactNode;
  tools?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section className={`panel ${props.className ?? ''}`} aria-labelledby={`${props.id}-title`}>
      <header className="panel-head">
        <h2 id={`${props.id}-title`}>{props.title}</h2>
        {props.note ? <p className="panel-note">{props.note}</p> : null}
        <div className="panel-tools">{props.tools}</div>
      </header>
      {props.children}
    </section>
  );
}

/** The shape of what comes. */
export function Skeleton({ lines }: { lines: number }) {
  return (
    <div className="skeleton" role="status">
      <span className="sr-only">Loading</span>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all the same and never move
        <span key={index} style={{ width: `${92 - ((index * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

/** What will appear here, and how to make it. */
export function Empty({ children }: { children: ReactNode }) {
  return <div className="state">{children}</div>;
}

/** What went wrong and what to do. */
export function Failure({ what, error }: { what: string; error: string }) {
  return (
    <div className="state state-error" role="alert">
      <strong>{what} could not be read.</strong> <span>{error}</span> <span>Trying again by itself.</span>
    </div>
  );
}
