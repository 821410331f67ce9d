// Who works here, in the top bar: a person, or the device while nobody has signed in.

import { boardText } from "../../lib/text/board_text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { me, person } from "./person.ts";

export function WhoButton({ onClick }: { onClick(): void }) {
  const name = person.value?.name ?? me.value?.staff?.name;
  const device = me.value?.device?.name;
  return (
    <button type="button" class={name ? "who" : "who is-device"} onClick={onClick}>
      <Icon name="person" />
      {name ? (
        <>
          <span class="hidden">{boardText.board.works} </span>
          <bdi class="who-name">{name}</bdi>
        </>
      ) : (
        <>
          <span class="who-word">{boardText.board.signIn}</span>
          {device && <bdi class="who-name who-device hidden">{device}</bdi>}
        </>
      )}
    </button>
  );
}
