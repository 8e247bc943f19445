import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';

/** Gives its children the room there is, in whole pixels, and again whenever it changes. */
export function Sized({ className, children }: { className: string; children: (w: number, h: number) => ReactNode }) {
  const ref = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<[number, number] | null>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => {
      const next: [number, number] = [Math.floor(element.clientWidth), Math.floor(element.clientHeight)];
      setSize((last) => (last && last[0] === next[0] && last[1] === next[1] ? last : next));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={ref} className={className}>
      {size && size[0] > 40 && size[1] > 40 ? children(size[0], size[1]) : null}
    </div>
  );
}
