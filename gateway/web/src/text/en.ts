// Every text a person reads, in English.

import type { Text } from "./pt_br.ts";

export const en: Text = {
  locale: "en",
  otherLanguage: "Português",

  titles: { customer: "Menu · Comanda", barista: "Kitchen · Comanda", panel: "Panel · Comanda" },

  states: { received: "Received", preparing: "Preparing", ready: "Ready", collected: "Collected", cancelled: "Cancelled" },

  connection: {
    connecting: "Connecting",
    live: "Live",
    reconnecting: (tries) => (tries > 0 ? `Reconnecting (${tries})` : "Reconnecting"),
    lostSince: (time) => `Offline since ${time}`,
    ended: "Ended",
    refused: "No access",
    offline: "The shop cannot be reached",
    offlineDetail: "We keep trying. If it takes long, check this device’s internet connection.",
    held: "Live news does not get through",
    heldDetail:
      "The shop answers, but something in between, such as a proxy, holds its live news back. What you see may be old. Please tell the shop.",
    failed: "The shop could not answer",
    againIn: (seconds) => `We try again in ${seconds} s.`,
    staleBoard: (time) => `May be out of date: this is what we knew at ${time}.`,
  },

  errors: {
    code: "Code",
    network: "We cannot reach the shop. Check your connection.",
    unexpected: "Something went wrong. Try again.",
    access: "The access code was not accepted.",
  },

  reasons: {
    DEPENDENCY_DOWN: "The shop has a passing problem. We keep trying.",
    DRAINING: "The shop has a passing problem. We keep trying.",
    ORDER_NOT_FOUND: "We cannot find this order. Check the link.",
    TICKET_NOT_FOUND: "We cannot find this order. Check the link.",
    PRODUCT_NOT_FOUND: "A product has left the menu. Check your order.",
    PRODUCT_SOLD_OUT: "A product in your order is sold out. Check your order.",
    PRICE_CHANGED: "A price has changed. Check the new total before you order.",
    STATE_TRANSITION_FORBIDDEN: "The order has already moved on.",
    REVISION_MISMATCH: "Somebody else changed this order first.",
    UNDO_WINDOW_CLOSED: "It is too late to undo this.",
    REOPEN_WINDOW_CLOSED: "It is too late to reopen this order.",
    RATE_LIMITED: "Many people from here at the same time.",
    FIELD_INVALID: "Something about the order is not right.",
    SHOP_NOT_FOUND: "We cannot find this shop. Check the link.",
    SHOP_CLOSED: "The shop is closed.",
    SHOP_PAUSED: "The shop takes no orders at the moment.",
    SHOP_BUSY: "The shop has as many orders as it can prepare. Try again in a few minutes.",
  },

  action: { close: "Close", back: "Back", tryNow: "Try now", dismiss: "Dismiss", copied: "Copied" },

  release: { isNew: "There is a new version of this page.", show: "Update" },

  menu: {
    loading: "Loading the menu…",
    failed: "The menu did not load",
    stale: (time) => `This menu is from ${time} and may have changed.`,
    offline: (time) => `You are offline. This menu is from ${time}.`,
    empty: "The menu is still empty",
    emptyDetail: "The shop has not published any products yet. Ask at the counter.",
    categories: "Categories",
    soldOut: "Sold out",
    inBasket: (count) => `${count} in your order`,
    follow: (number) => `Follow order ${number}`,
    ordersOver: (count) => (count === 1 ? "1 order of today that is over" : `${count} orders of today that are over`),
    orderOver: (number) => `Order ${number}`,
    contains: "Contains",
    add: (product) => `Add ${product}`,
    missing: (products) => `Not in your order, because it can no longer be had: ${products}.`,
  },

  allergens: {
    gluten: "gluten",
    crustaceans: "crustaceans",
    eggs: "eggs",
    fish: "fish",
    peanuts: "peanuts",
    soy: "soya",
    milk: "milk",
    nuts: "nuts",
    celery: "celery",
    mustard: "mustard",
    sesame: "sesame",
    sulphites: "sulphites",
    lupin: "lupin",
    molluscs: "molluscs",
    latex: "latex",
    other: "another allergen (ask at the counter)",
  },

  opening: {
    open: "Open",
    openUntil: (time, day) => (day ? `Open until ${day} ${time}` : `Open until ${time}`),
    closedUntil: (time, day) => (day ? `Closed, opens ${day} ${time}.` : time ? `Closed, opens at ${time}.` : "Closed."),
    tomorrow: "tomorrow",
    onDay: (weekday, time) => `${weekday} ${time}`,
    paused: (reason, until) =>
      `Ordering is paused${reason && `: ${reason}`}.${until && ` It resumes at ${until}.`}`,
    browse: "You can already put your order together.",
    readyIn: (from, to) => (from === to ? `Ready in ${to} min` : `Ready in ${from} to ${to} min`),
  },

  search: {
    label: "Search the menu",
    found: (count, shown) => {
      if (count === 0) return "Nothing found. Try another word.";
      if (shown < count) return `${shown} of ${count} products. Type more to find yours.`;
      return count === 1 ? "1 product" : `${count} products`;
    },
  },

  shop: {
    unknown: "No such shop",
    unknownDetail: (slug) => `There is no shop at the address “${slug}”. Check the link, or scan the code again.`,
  },

  choice: {
    none: "None",
    chooseExactly: (n) => `Choose ${n}`,
    chooseBetween: (min, max) => `Choose ${min} to ${max}`,
    chooseUpTo: (max) => (max === 1 ? "Optional" : `Optional, up to ${max}`),
    tooFew: (n) => `Choose ${n} more.`,
    tooMany: (max) => `At most ${max}.`,
    note: "Note",
    allergy: "Allergy",
    placeholders: { note: "e.g. no sugar", allergy: "e.g. peanuts" },
    quickNotes: "Your way",
    quantity: "Quantity",
    more: (product) => `More ${product}`,
    fewer: (product) => `Less ${product}`,
    add: (price) => `Add · ${price}`,
  },

  basket: {
    title: "Your order",
    empty: "Your order is empty",
    emptyDetail: "Tap a product to begin.",
    open: (count) => (count === 1 ? "View order · 1 item" : `View order · ${count} items`),
    addWish: { note: "Add a note", allergy: "Tell of an allergy" },
    remove: (product) => `Remove ${product}`,
    total: "Total",
    gone: "No longer on the menu",
    was: (price) => `was ${price}`,
    changed: (seen, current) => `Price changed: ${seen} → ${current}`,
    fix: "Remove what is unavailable to continue.",
    full: "The order is full: at most 50 different items.",
  },

  changes: {
    title: "Your order has changed",
    detail: "While you were ordering, the shop changed this:",
    accept: (price) => `Accept and order · ${price}`,
    remove: "Remove from the order",
    review: "Look at the order",
  },

  checkout: {
    name: "Your first name",
    nameMissing: "Tell us your name, so that we can call you.",
    serviceMode: "How would you like it?",
    serviceModeMissing: "Tell us how you would like it.",
    takeAway: "Take away",
    atTable: "At a table",
    table: "Table number",
    tableMissing: "Tell us which table.",
    tableIs: (table) => `Table ${table}`,
    otherTable: "Change the table",
    payment: "Payment",
    order: (price) => `Order · ${price}`,
    offline: "You are offline. Your order is kept here until you are back.",
    kept: "Your order is kept here.",
    sending: "Sending your order…",
    retrying: "No answer yet: trying again…",
    retryingSafe: "Do not worry: the order will not be placed twice.",
    giveUp: "Give up",
    giveUpWarning: "The order may have been received already. Ask at the counter before you order again.",
  },
};
