// Who may sign in at this tablet: large names to tap.

import type { Staff } from "../../gen/comanda/identity/v1/identity_pb.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import { person } from "./person.ts";

interface Props {
  asking: boolean;
  /** Undefined until they are known. */
  people: readonly Staff[] | undefined;
  onChoose(one: { staffId: string; name: string }): void;
}

export function People({ asking, people, onChoose }: Props) {
  if (!people) return asking ? <p role="status">{staffText.person.loading}</p> : null;
  const others = people.filter(({ staffId }) => staffId !== person.value?.staffId);
  if (others.length === 0) return <p>{person.value ? staffText.person.noOthers : staffText.person.noPeople}</p>;
  return (
    <ul class="who-people">
      {others.map((one) => (
        <li key={one.staffId}>
          <button type="button" onClick={() => onChoose(one)}>
            <bdi>{one.name}</bdi>
          </button>
        </li>
      ))}
    </ul>
  );
}
