// How the system is, at `/status`, for a paired device: for a shop that has no monitoring.

import { useEffect, useMemo } from "preact/hooks";
import { lacksAccess } from "../lib/call/errors.ts";
import { askMenu } from "../lib/menu/menu.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { openCredential } from "../lib/staff/credential.ts";
import { show } from "../lib/show.tsx";
import { PairForm } from "../ui/access/LazyPairForm.tsx";
import { useTitle } from "../ui/useTitle.ts";
import { followStatus } from "./status_page.ts";
import { StatusPage } from "./StatusPage.tsx";

const credential = openCredential("comanda.status_token", "comanda.staff_token");

const IS_LOCAL = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);

function App() {
  // For the shop's clock.
  useEffect(() => void askMenu().catch(() => undefined), []);
  useTitle(`${staffText.status.title} · Comanda`);
  const token = credential.token.value;
  if (credential.code.value) return <Connect />;
  // On the machine itself the status may be open; what the gateway says then counts.
  return token || IS_LOCAL ? <Followed key={token} token={token ?? ""} /> : <Connect />;
}

function Followed({ token }: { token: string }) {
  const followed = useMemo(() => followStatus(token), []);
  useEffect(() => followed.stop, []);
  const failure = followed.failure.value;
  if (failure && lacksAccess(failure.error)) return <Connect refused={token ? failure.error : undefined} />;
  return <StatusPage status={followed.status.value} failure={failure} onRetry={followed.tryNow} />;
}

function Connect({ refused }: { refused?: unknown }) {
  return <PairForm title={staffText.access.status} credential={credential} refused={refused} />;
}

void show(<App />);
