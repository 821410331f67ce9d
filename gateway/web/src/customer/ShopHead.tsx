// Whose page it is: cover, logo, name, and what is to be known at once.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../ui/Icon.tsx";
import { LanguageSwitch } from "../ui/LanguageSwitch.tsx";

interface Props {
  name: string;
  logoUrl?: string | undefined;
  coverUrl?: string | undefined;
  children?: ComponentChildren;
}

export function ShopHead({ name, logoUrl = "", coverUrl = "", children }: Props) {
  return (
    <header class={coverUrl ? "shop-head has-cover" : "shop-head"}>
      {coverUrl && <ShopPicture key={coverUrl} class="shop-cover" url={coverUrl} width={1280} height={720} />}
      <div class="shop-line">
        <span class="shop-logo">
          {/* Behind the logo, for the time until it comes, and where it does not. */}
          <Icon name="cup" />
          {logoUrl && <ShopPicture key={logoUrl} url={logoUrl} width={96} height={96} />}
        </span>
        <div class="shop-name">
          <h1>
            <bdi>{name}</bdi>
          </h1>
          {children}
        </div>
        <LanguageSwitch />
      </div>
    </header>
  );
}

/** It says nothing that the name beside it does not. */
function ShopPicture({ url, ...rest }: { class?: string; url: string; width: number; height: number }) {
  const [broken, setBroken] = useState(false);
  if (broken) return null;
  return <img src={url} alt="" decoding="async" referrerpolicy="no-referrer" onError={() => setBroken(true)} {...rest} />;
}
