// What the page of one order says, in English.

import type { FollowText } from "./follow_pt_br.ts";

export const followEn: FollowText = {
  heading: "Order",
  loading: "Looking for your order…",
  failed: "This order cannot be shown",
  brokenLink: "This link is incomplete. Open the link of your order again.",
  lines: "What you ordered",
  progress: "Progress of the order",
  hint: {
    received: "The kitchen will start in a moment.",
    preparing: "We are preparing your order.",
    ready: "Please collect it at the counter.",
    readyAtTable: "We are bringing it to your table.",
    collected: "Enjoy!",
    cancelled: "This order was cancelled.",
  },
  reason: (reason) => `Reason: ${reason}`,
  table: (table) => `Table ${table}`,
  cancel: "Cancel order",
  cancelQuestion: "Cancel this order?",
  cancelExplanation: "This is possible only until its preparation begins.",
  cancelYes: "Yes, cancel",
  cancelNo: "No, keep it",
  cancelling: "Cancelling…",
  cancelReason: "Customer changed their mind",
  again: "Place another order",
  pageTitle: (number, state) => `${number} · ${state}`,
};
