// Line icons, drawn here so that no page loads them. They repeat what words beside them say, so they are hidden from
// screen readers.

const PATHS = {
  alert: "M12 3.5 21.5 20h-19zM12 10v4.5M12 17.3v.1",
  back: "m15 5-7 7 7 7",
  bag: "M5 8h14l-1 12.5H6zM9 8V7a3 3 0 0 1 6 0v1",
  bell: "M5.5 17h13L17 14.5V11a5 5 0 0 0-10 0v3.5zM10 20.5h4M12 6V3.5",
  check: "m4.5 12.5 5 5 10-11",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18M12 7.5V12l3 2",
  close: "M6 6l12 12M18 6 6 18",
  card: "M3 6h18v12.5H3zM3 10.5h18M6.5 14.5h4",
  cup: "M4 9h13v6a5 5 0 0 1-5 5H9a5 5 0 0 1-5-5zM17 10.5h1a2.7 2.7 0 0 1 0 5.4h-1.2M8.5 3.5v2.3M12.5 3.5v2.3",
  erase: "M8.5 6H21v12H8.5L3 12zM12 9.5l5 5M17 9.5l-5 5",
  globe: "M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18M3 12h18M12 3c3.6 3.4 3.6 14.6 0 18M12 3c-3.6 3.4-3.6 14.6 0 18",
  hourglass: "M7 3h10M7 21h10M8 3v4l4 5 4-5V3M8 21v-4l4-5 4 5v4",
  live: "M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 1 0 0-5M6 6a8.5 8.5 0 0 0 0 12M18 6a8.5 8.5 0 0 1 0 12",
  lock: "M6 11h12v9.5H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  minus: "M5 12h14",
  note: "M4 20h4L19.5 8.5l-4-4L4 16zM13 7l4 4",
  offline: "m3 3 18 18M5 12.3a10 10 0 0 1 3.8-2.3M19 12.3a10 10 0 0 0-5.3-2.7M8.5 16a5 5 0 0 1 6.6-.3M12 19.7v.1",
  pause: "M8.5 5v14M15.5 5v14",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 1 0 0-8M4.5 20.5a7.5 7.5 0 0 1 15 0",
  play: "M8 5v14l11-7z",
  plus: "M12 5v14M5 12h14",
  receipt: "M6 3h12v18l-3-2-3 2-3-2-3 2zM9.5 8h5M9.5 12h5",
  retry: "M20 12a8 8 0 1 1-2.3-5.7M20 3.5v4.3h-4.3",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 1 0 0-13M15.5 15.5 20.5 20.5",
  share: "M12 15V3.5M8 7l4-3.5L16 7M6 11H4.5v9.5h15V11H18",
  table: "M3 8h18M6 8v12M18 8v12",
  tablet: "M6 3h12v18H6zM11 18h2",
};

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
