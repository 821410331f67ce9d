// What only the shop's own screens say, in English.

import type { StaffText } from "./staff_pt_br.ts";

export const staffEn: StaffText = {
  token: {
    barista: "Team access code",
    panel: "Panel access code",
    explanation: "Open the whole link that the shop was given, or paste the access code here.",
    enter: "Enter",
    leave: "Change code",
  },

  board: {
    title: "Kitchen",
    loading: "Loading the orders…",
    empty: "No orders in the queue",
    updated: (time) => `Updated at ${time}`,
    emptyColumn: "Nothing here",
    note: "Note:",
    allergy: "ALLERGY:",
    start: "Start",
    ready: "Ready",
    collect: "Hand over",
    acknowledge: "Got it",
    pending: "Sending…",
    takeAway: "Take away",
    table: (table) => `Table ${table}`,
    age: {
      ok: (minutes) => (minutes < 1 ? "now" : `${minutes} min ago`),
      warn: (minutes) => `Hurry: ${minutes} min`,
      late: (lateBy) => (lateBy < 1 ? "Late" : `Late by ${lateBy} min`),
      ready: (minutes) => (minutes < 1 ? "Ready now" : `Ready for ${minutes} min`),
    },
    fromEarlierDay: "From an earlier day: finish or cancel it",
    stepDone: (number, state) => `Order ${number}: ${state}`,
    undo: "Undo",
    failed: (number, reason) => `Order ${number}: ${reason}`,
    unsure: "No answer. Check the board before you tap again.",
  },

  stock: {
    open: "Menu",
    title: "Menu: what is sold out",
    soldOut: "Sold out",
    available: "Available",
    howLong: "What I mark is sold out",
    forToday: "for today",
    untilBack: "until switched back",
    again: (time) => `back ${time}`,
    done: {
      available: (product) => `${product}: available`,
      today: (product) => `${product}: sold out for today`,
      until: (product) => `${product}: sold out`,
    },
    failed: (product, reason) => `${product}: ${reason}`,
  },

  pause: {
    open: "Pause",
    title: "Pause ordering",
    explanation: "Customers still see the menu, but cannot order.",
    reason: "Reason (customers read it)",
    reasonPlaceholder: "e.g. many orders right now",
    howLong: "For how long?",
    minutes: (n) => `${n} min`,
    untilEnded: "until ended, or until the day ends",
    forgotten: "The shop has opened and is still paused!",
    begin: "Pause now",
    on: (reason, until, orEnded) => {
      const end = orEnded && until ? ` until somebody resumes it, at most until ${until}` : until ? ` until ${until}` : " until somebody resumes it";
      return `Ordering is paused${end}${reason && `: ${reason}`}`;
    },
    resume: "Resume",
    otherFirst: "Somebody else changed the shop first. Look at how it is now and try again.",
  },

  stations: {
    shown: "Stations",
    all: "All",
    elsewhere: (stations) => `(at ${stations})`,
    done: "Done here",
    waitsFor: (stations) => `Waiting for ${stations}`,
    linesDone: (number, lines) => `Order ${number}: ${lines === 1 ? "1 item done" : `${lines} items done`}`,
  },

  status: {
    title: "System",
    loading: "Asking how everything is…",
    away: "The gateway does not answer. Check that the program is running and this device's network. We keep trying.",
    old: (time) => `The gateway has not answered since ${time}. This is how it was before.`,
    overall: {
      good: "All is well",
      note: "All is well",
      warning: "Something needs attention",
      alarm: "Something needs mending now",
    },
    levels: { good: "OK", note: "Note", warning: "Attention", alarm: "Mend now" },
    findings: "What was found",
    processes: "What is running",
    since: (version, host, time) => `Version ${version} on ${host}, since ${time}`,
    zones: (edition) => `Time zones of ${edition}`,
    calls: "Calls per second",
    errors: "Failures per second",
    streams: "Open streams",
    schema: (name) => `schema ${name}`,
    waiting: (count) => `events waiting: ${count}`,
    dead: (count) => `dead letters: ${count}`,
    certificate: (name, time) => `The certificate of ${name} ends ${time}`,
    recentErrors: (count) => `Latest warnings (${count})`,
  },

  panel: {
    empty: "No orders right now",
    emptyDetail: "Numbers appear here as soon as somebody orders.",
    nonePreparing: "Nothing in preparation",
    noneReady: "Nothing to collect",
    more: (n) => `+ ${n}`,
  },
};
