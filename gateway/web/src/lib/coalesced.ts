// One call for all that is asked for at one go. By a message, since timers and frames wait in tabs that nobody sees.

export interface Coalesced {
  ask(): void;
  stop(): void;
}

export function coalesced(call: () => void): Coalesced {
  const { port1, port2 } = new MessageChannel();
  let isAsked = false;
  port1.onmessage = () => {
    isAsked = false;
    call();
  };
  const ask = () => {
    if (!isAsked) port2.postMessage(null);
    isAsked = true;
  };
  return { ask, stop: () => port1.close() };
}
