// Which card an arrow leads to. Pure.

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const STEPS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export const isArrow = (key: string): boolean => key in STEPS;

/** The nearest in that direction, those straight ahead before those aside; null where there is none. */
export function nearest<T extends Box>(key: string, from: Box, others: readonly T[]): T | null {
  const [x, y] = STEPS[key] ?? [0, 0];
  let best: { one: T; far: number } | null = null;
  for (const one of others) {
    const [across, down] = [middle(one)[0] - middle(from)[0], middle(one)[1] - middle(from)[1]];
    const ahead = across * x + down * y;
    const aside = Math.abs(across * y + down * x);
    if (ahead <= 1 || aside > ahead * 3) continue;
    const far = ahead + 2 * aside;
    if (!best || far < best.far) best = { one, far };
  }
  return best?.one ?? null;
}

const middle = ({ left, top, width, height }: Box) => [left + width / 2, top + height / 2] as const;
