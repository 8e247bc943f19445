import { type ReactNode, useEffect, useState } from 'react';
import { onKey } from '../keys.ts';
import { Panel } from './panel.tsx';

export interface ChartTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A chart with its title, and the same data as a table: a button, or the key `t`. */
export function ChartPanel(props: {
  id: string;
  title: string;
  note?: ReactNode;
  tools?: ReactNode;
  className?: string;
  table: () => ChartTable;
  children: ReactNode;
}) {
  const [isTable, setTable] = useState(false);
  useEffect(() => onKey('t', () => setTable((on) => !on)), []);
  const toggle = (
    <button type="button" className="ghost" aria-pressed={isTable} onClick={() => setTable(!isTable)} title="t">
      {isTable ? 'Chart' : 'Table'}
    </button>
  );
  return (
    <Panel
      id={props.id}
      title={props.title}
      note={props.note}
      className={props.className ?? ''}
      tools={
        <>
          {props.tools}
          {toggle}
        </>
      }
    >
      {isTable ? <DataTable id={props.id} title={props.title} table={props.table()} /> : props.children}
    </Panel>
  );
}

function DataTable({ id, title, table }: { id: string; title: string; table: ChartTable }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="scroll" tabIndex={0} aria-labelledby={`${id}-title`}>
      <table className="data">
        <caption className="sr-only">{title}</caption>
        <thead>
          <tr>
            {table.head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row[0]}>
              {row.map((cell, index) => (
                <td key={table.head[index]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
