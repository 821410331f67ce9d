// The page of who is signed in: people, devices and the security log for managers, the own entry for everybody else.

import { useState } from "preact/hooks";
import { Role, type Staff } from "../gen/comanda/identity/v1/identity_pb.ts";
import { menu } from "../lib/menu/menu.ts";
import { SHOP, shopLink } from "../lib/shop.ts";
import { Icon } from "../ui/Icon.tsx";
import { InsecureContext } from "../ui/state/InsecureContext.tsx";
import { TopBar } from "../ui/TopBar.tsx";
import { Confirm } from "./Confirm.tsx";
import { Devices } from "./devices/Devices.tsx";
import { SecurityLog } from "./log/SecurityLog.tsx";
import { OwnEntry } from "./people/OwnEntry.tsx";
import { People } from "./people/People.tsx";
import { signOut } from "./session.ts";
import { teamText } from "./team_text.ts";

const SECTIONS = ["people", "devices", "log"] as const;

export function TeamPage({ staff }: { staff: Staff }) {
  const [open, setOpen] = useState<(typeof SECTIONS)[number]>("people");
  const [leaving, setLeaving] = useState(false);
  const manages = staff.role >= Role.MANAGER;
  return (
    <>
      <TopBar title={<Title />}>
        <span class="spacer" />
        <span class="team-me">
          <Icon name="person" />
          <bdi>{staff.name}</bdi>
        </span>
        <button type="button" class="quiet" onClick={() => setLeaving(true)}>
          {teamText.signIn.signOut}
        </button>
      </TopBar>
      {leaving && (
        <Confirm
          question={teamText.signIn.signOutQuestion}
          explanation={teamText.signIn.signOutExplanation}
          yes={teamText.signIn.signOut}
          act={signOut}
          onClose={() => setLeaving(false)}
          onDone={() => setLeaving(false)}
        />
      )}
      <InsecureContext />
      <Shops staff={staff} />
      {manages && (
        <nav class="team-sections" aria-label={teamText.title}>
          {SECTIONS.map((section) => (
            <button
              type="button"
              key={section}
              aria-current={section === open ? "page" : undefined}
              onClick={() => setOpen(section)}
            >
              {teamText.sections[section]}
            </button>
          ))}
        </nav>
      )}
      <main class="team">
        {!manages && <OwnEntry me={staff} />}
        {manages && open === "people" && <People me={staff} />}
        {manages && open === "devices" && <Devices />}
        {manages && open === "log" && <SecurityLog />}
      </main>
    </>
  );
}

function Title() {
  const shop = menu.value?.shopName;
  return (
    <>
      {teamText.title}
      {shop && <bdi class="team-shop">{shop}</bdi>}
    </>
  );
}

/** For those who have more than one. */
function Shops({ staff }: { staff: Staff }) {
  if (staff.shopIds.length < 2) return null;
  return (
    <nav class="team-shops" aria-label={teamText.form.shops}>
      {staff.shopIds.map((shop) => (
        <a key={shop} href={shopLink("/equipe", shop)} aria-current={shop === SHOP ? "page" : undefined}>
          {shop}
        </a>
      ))}
    </nav>
  );
}
