// What the kitchen's board says before any dialog is opened, in English.

import type { BoardText } from "./board_pt_br.ts";

export const boardEn: BoardText = {
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
    takeAway: "Take away",
    table: (table) => `Table ${table}`,
    age: {
      waits: "for",
      ready: "ready for",
      warn: "Hurry",
      late: (lateBy) => (lateBy < 1 ? "Late" : `Late by ${lateBy} min`),
    },
    menu: "Options",
    works: "Who works here:",
    signIn: "Sign in",
    lateOnes: "Late",
    fromEarlierDay: "From an earlier day: finish or cancel it",
    stepDone: (number, state) => `Order ${number}: ${state}`,
    undo: "Undo",
    ofOrder: (number) => `order ${number}`,
    waits: "pending",
    waiting: (taps) => (taps === 1 ? "1 tap pending: it is sent once the connection is back." : `${taps} taps pending: they are sent once the connection is back.`),
    buildsOnRefused: "The step before was not accepted, so this one was not either.",
    failed: (number, reason) => `Order ${number}: ${reason}`,
    unsure: "No answer. Check the board before you tap again.",
    first: {
      ORDER_STATE_RECEIVED: (person) => `${person} already took this step back.`,
      ORDER_STATE_PREPARING: (person) => `${person} already started.`,
      ORDER_STATE_READY: (person) => `${person} already marked it ready.`,
      ORDER_STATE_COLLECTED: (person) => `${person} already handed it over.`,
      ORDER_STATE_CANCELLED: (person) => `${person} already cancelled it.`,
    },
  },

  news: {
    new: (number, items) => `New order ${number}: ${items === 1 ? "1 item" : `${items} items`}`,
    changed: (number) => `Order ${number} has changed`,
    cancelled: (number) => `Order ${number} was cancelled`,
  },

  shift: {
    begin: "Start",
    name: "shift",
    mute: "Mute",
    end: "End the shift",
    lacks: {
      sound: "New orders will make no sound.",
      awake: "The screen may go dark.",
      full: "The board does not fill the screen.",
    },
    refused: "The browser does not allow it; the board works all the same.",
    missing: "This browser cannot do it; the board works all the same.",
    insecure: "The page came by plain http, where browsers do not offer it; the board works all the same.",
  },

  side: { open: "Totals and recent", totals: "To prepare", nothing: "Nothing to prepare right now." },

  stations: {
    shown: "Stations",
    expediter: "Expediter",
    progress: (station, done, all) => `${station}: ${done} of ${all}`,
    open: "Stations of this tablet",
    explanation: "With none chosen, the tablet shows everything.",
    all: "All",
    elsewhere: (stations) => `(at ${stations})`,
    done: "Done here",
    waitsFor: (stations) => `Waiting for ${stations}`,
    linesDone: (number, lines) => `Order ${number}: ${lines === 1 ? "1 item done" : `${lines} items done`}`,
  },

  ticket: {
    open: "More:",
    title: (number, name) => `Order ${number} · ${name}`,
    accepted: (time) => `accepted at ${time}`,
  },

  recent: {
    title: "Recent",
    none: "Nothing handed over today",
    noneDetail: "What this tablet sees being handed over stays here until the end of the day.",
    reopen: "Reopen",
    question: (number) => `Reopen order ${number}?`,
    explanation: "The order goes back on the board as ready, and the customer sees that.",
    reasons: ["Handed over by mistake", "An item was missing"],
  },
};
